from django.urls import path

from taishan.reporting import follow_up_views

app_name = "follow_up"
urlpatterns = [
    path("follow-ups/", follow_up_views.follow_ups, name="all"),
    path("follow-ups.xlsx", follow_up_views.follow_ups_file, name="file"),
    path("follow-ups/<int:pk>/", follow_up_views.follow_up, name="one"),
    path("follow-ups/<int:pk>/steps/", follow_up_views.steps, name="steps"),
    path("follow-ups/<int:pk>/checks/", follow_up_views.checks, name="checks"),
    path("follow-ups/rules/<str:code>/", follow_up_views.rules, name="rules"),
]
