"""Tests of pages through the test client, screen by screen."""
