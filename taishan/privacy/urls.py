from django.urls import path

from taishan.privacy import views

app_name = "privacy"
urlpatterns = [
    path("grounds/", views.grounds_of_forms, name="grounds"),
    path("units/<str:code>/", views.readers_of_unit, name="readers"),
    path("rules/<int:pk>/end/", views.end_of_rule, name="end"),
]
