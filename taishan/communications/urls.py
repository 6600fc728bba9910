from django.urls import path

from taishan.communications import views

app_name = "communications"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("<int:pk>/", views.notice, name="notice"),
    path("<int:pk>/mine/", views.mine, name="mine"),
    path("<int:pk>/again/", views.again, name="again"),
    path("<int:pk>/confirmation/", views.confirmation, name="confirmation"),
    path("units/<str:code>/", views.of_unit, name="of_unit"),
]
