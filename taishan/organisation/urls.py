from django.urls import path

from taishan.organisation import views

app_name = "organisation"
urlpatterns = [
    path("sign-in/<str:token>/", views.sign_in, name="sign_in"),
    path("organisation/", views.tree, name="tree"),
]
