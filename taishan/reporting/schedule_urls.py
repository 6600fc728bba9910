from django.urls import path

from taishan.reporting import schedule_views, shift_views

app_name = "schedules"
urlpatterns = [
    path("<str:code>/", schedule_views.schedules, name="all"),
    path("<str:code>/new/", schedule_views.new, name="new"),
    path("<str:code>/shifts/new/", schedule_views.new, {"of_shift": True}, name="new_of_shift"),
    path("<str:code>/shifts/<int:pk>/", shift_views.workers, name="shift"),
    path("<str:code>/shifts/<int:pk>/end/", shift_views.take_off, name="take_off"),
    path("<str:code>/shifts/<int:pk>/name/", shift_views.rename, name="rename_shift"),
    path("<str:code>/shifts/<int:pk>/closure/", shift_views.end, name="end_shift"),
    path("<str:code>/shifts/file/", shift_views.upload, name="shifts_file"),
    path("<str:code>/shifts.xlsx", shift_views.sheet, name="shifts_xlsx"),
    path("<str:code>/<int:pk>/", schedule_views.one, name="one"),
    path("<str:code>/<int:pk>/end/", schedule_views.end, name="end"),
]
