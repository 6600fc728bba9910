from django.urls import path

from taishan.duties import feed_views, matrix_views, scorecard_views, views

app_name = "duties"
urlpatterns = [
    path("scorecards/", scorecard_views.all_of_them, name="scorecards"),
    path("scorecards.xlsx", scorecard_views.as_file, name="scorecards_file"),
    path("feed/", feed_views.feed, name="feed"),
    path("feed/<str:token>.ics", feed_views.calendar, name="calendar"),
    path("matrix/<str:code>/", matrix_views.matrix_of_unit, name="matrix"),
    path("units/<str:code>/", views.of_unit, name="of_unit"),
    path("<str:code>/<uuid:pk>/", views.one, name="one"),
    path("<str:code>/<uuid:pk>/file/", views.file, name="file"),
    path("<str:code>/<uuid:pk>/discharge/", views.discharge, name="discharge"),
    path("<str:code>/<uuid:pk>/waiver/", views.waiver, name="waiver"),
    path("<str:code>/<uuid:pk>/extension/", views.extension, name="extension"),
    path("<str:code>/<uuid:pk>/handover/", views.handover, name="handover"),
]
