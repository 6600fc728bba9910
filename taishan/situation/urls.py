from django.urls import path

from taishan.situation import disagreement_views, people_views, views

app_name = "situation"
urlpatterns = [
    path("situation/", views.situation, name="situation"),
    path("situation.xlsx", views.situation_file, name="situation_file"),
    path("situation/people/", people_views.people, name="people"),
    path("situation/reminders/", people_views.reminders, name="reminders"),
    path("situation/disagreements/", disagreement_views.disagreements, name="disagreements"),
    path(
        "situation/disagreements.xlsx",
        disagreement_views.disagreements_file,
        name="disagreements_file",
    ),
    path(
        "situation/disagreements/reminders/",
        disagreement_views.reminders,
        name="disagreement_reminders",
    ),
]
