"""JSON in and out: requests as dataclasses, answers as marshmallow schemas for the OpenAPI document."""
