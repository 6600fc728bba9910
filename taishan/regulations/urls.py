from django.urls import path

from taishan.regulations import views

app_name = "regulations"
urlpatterns = [
    path("", views.regulations, name="regulations"),
    path("<slug:key>/", views.regulation, name="regulation"),
]
