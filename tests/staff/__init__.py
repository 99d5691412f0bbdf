"""Tests of departments, employees and leave."""
