from django.urls import path

from taishan.duties import escalation_views

app_name = "escalation"
urlpatterns = [
    path("", escalation_views.table, name="table"),
    path("steps/", escalation_views.steps, name="steps"),
    path("steps/<int:pk>/withdrawal/", escalation_views.withdrawal, name="withdrawal"),
    path("days/", escalation_views.days, name="days"),
]
