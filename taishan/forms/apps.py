from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "taishan.forms"
    verbose_name = "Forms"
