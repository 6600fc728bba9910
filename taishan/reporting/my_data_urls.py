from django.urls import path

from taishan.reporting import my_data_views

app_name = "my_data"
urlpatterns = [
    path("", my_data_views.mine, name="mine"),
    path("consents/", my_data_views.consents, name="consents"),
]
