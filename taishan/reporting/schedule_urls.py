from django.urls import path

from taishan.reporting import schedule_views

app_name = "schedules"
urlpatterns = [
    path("<str:code>/", schedule_views.schedules, name="all"),
    path("<str:code>/new/", schedule_views.new, name="new"),
    path("<str:code>/<int:pk>/", schedule_views.one, name="one"),
    path("<str:code>/<int:pk>/end/", schedule_views.end, name="end"),
]
