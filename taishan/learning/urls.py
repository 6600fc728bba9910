from django.urls import path

from taishan.learning import decision_views, views

app_name = "meetings"
urlpatterns = [
    path("", views.meetings, name="meetings"),
    path("units/<str:code>/new/", views.new, name="new"),
    path("<int:pk>/", views.meeting, name="meeting"),
    path("<int:pk>/cancellation/", views.cancellation, name="cancellation"),
    path("<int:pk>/code/", views.code, name="code"),
    path("<int:pk>/presence/", views.presence, name="presence"),
    path("<int:pk>/attendance/", views.attendance, name="attendance"),
    path("<int:pk>/attendance/<int:presence>/", views.correction, name="correction"),
    path("<int:pk>/materials/", views.materials, name="materials"),
    path("<int:pk>/materials/<int:file>/", views.material, name="material"),
    path("<int:pk>/minutes/", decision_views.minutes, name="minutes"),
    path("<int:pk>/confirmation/", decision_views.confirmation, name="confirmation"),
    path("<int:pk>/decisions/", decision_views.decisions, name="decisions"),
    path("<int:pk>/decisions/<int:number>/done/", decision_views.done, name="done"),
]
