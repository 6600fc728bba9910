from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "taishan.privacy"
    verbose_name = "Privacy"
