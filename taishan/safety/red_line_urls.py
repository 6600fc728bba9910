from django.urls import path

from taishan.safety import red_line_views as views

app_name = "red_lines"
urlpatterns = [
    path("", views.lines, name="lines"),
    path("breaches/new/", views.breach, name="breach"),
    path("library/", views.recording, name="library"),
    path("<int:pk>/", views.line, name="line"),
]
