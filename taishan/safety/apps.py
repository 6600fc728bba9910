from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "taishan.safety"
    verbose_name = "Safety"
