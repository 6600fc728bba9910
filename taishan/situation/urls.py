from django.urls import path

from taishan.situation import people_views, views

app_name = "situation"
urlpatterns = [
    path("situation/", views.situation, name="situation"),
    path("situation.xlsx", views.situation_file, name="situation_file"),
    path("situation/people/", people_views.people, name="people"),
    path("situation/reminders/", people_views.reminders, name="reminders"),
]
