from django.urls import path

from taishan.safety import views

app_name = "safety"
urlpatterns = [
    path("", views.stops, name="stops"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.stop, name="stop"),
    path("<int:pk>/photo/", views.photo, name="photo"),
    path("<int:pk>/requests/", views.requests, name="requests"),
    path("<int:pk>/requests/<int:number>/file/", views.request_file, name="request_file"),
    path("<int:pk>/lifting/", views.answer, {"act": "lifting"}, name="lifting"),
    path("<int:pk>/refusal/", views.answer, {"act": "refusal"}, name="refusal"),
]
