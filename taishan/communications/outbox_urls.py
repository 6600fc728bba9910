from django.urls import path

from taishan.communications import outbox_views

app_name = "outbox"
urlpatterns = [
    path("", outbox_views.letters, name="letters"),
    path("<str:name>.eml", outbox_views.file, name="file"),
    path("<str:name>/", outbox_views.letter, name="letter"),
]
