"""OpenRosa 1.0, as ODK Collect speaks it: a list of forms, the forms, and what was answered.

Source: https://docs.getodk.org/openrosa/
"""
