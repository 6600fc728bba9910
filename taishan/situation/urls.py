from django.urls import path

from taishan.situation import disagreement_views, people_views, report_views, views

app_name = "situation"
urlpatterns = [
    path("situation/", views.situation, name="situation"),
    path("situation.xlsx", views.situation_file, name="situation_file"),
    path("situation/people/", people_views.people, name="people"),
    path("situation/people.xlsx", people_views.people_file, {"ending": "xlsx"}, name="people_xlsx"),
    path("situation/people.csv", people_views.people_file, {"ending": "csv"}, name="people_csv"),
    path("situation/reminders/", people_views.reminders, name="reminders"),
    path("situation/letters/", people_views.letters, name="letters"),
    path("situation/reports/", report_views.reports, name="reports"),
    path("situation/reports/<int:pk>/", report_views.report, name="report"),
    path("situation/reports/<int:pk>.xlsx", report_views.workbook, name="report_xlsx"),
    path("situation/reports/<int:pk>.docx", report_views.document, name="report_docx"),
    path("situation/reports/<int:pk>/text/", report_views.text, name="report_text"),
    *(
        path(f"situation/reports/<int:pk>/{step}/", report_views.step, {"step": step}, name=step)
        for step in report_views.STEPS
    ),
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
