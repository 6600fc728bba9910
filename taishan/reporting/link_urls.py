from django.urls import path

from taishan.reporting import link_views

app_name = "unit_link"
urlpatterns = [
    path("units/<str:code>/", link_views.of_unit, name="of_unit"),
    path("<str:token>/", link_views.entrance, name="entrance"),
]
