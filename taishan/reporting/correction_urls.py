from django.urls import path

from taishan.reporting import answers_views, correction_views

app_name = "corrections"
urlpatterns = [
    path("answers/", answers_views.answers, name="answers"),
    path("answers/correction/", answers_views.correction, name="correct"),
    path("corrections/", correction_views.corrections_waiting, name="all"),
    path("corrections/<int:pk>/", correction_views.correction, name="one"),
    path("corrections/<int:pk>/ruling/", correction_views.ruling, name="ruling"),
]
