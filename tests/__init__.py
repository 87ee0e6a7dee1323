"""Tests of the project: behaviour through public interfaces."""
