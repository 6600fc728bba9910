from django.urls import path

from taishan.communications import channel_views

app_name = "channels"
urlpatterns = [
    path("", channel_views.mine, name="mine"),
    path("emails/", channel_views.emails, name="emails"),
    path("confirmation/<str:token>/", channel_views.confirmation, name="confirmation"),
    path("units/<str:code>/", channel_views.of_unit, name="of_unit"),
    path("<int:pk>/wishes/", channel_views.wishes, name="wishes"),
    path("<int:pk>/test/", channel_views.test, name="test"),
    path("<int:pk>/removal/", channel_views.removal, name="removal"),
]
