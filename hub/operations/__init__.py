"""Operations: what keeps an installation in order while it runs, and between."""
