"""The page shape of every collection of the roadmap's vocabulary."""

from rest_framework import pagination

PAGE_SIZE = 20
PAGE_SIZE_MAX = 100


class PageNumberPagination(pagination.PageNumberPagination):
    """`{count, next, previous, results}`; `page_size` up to 100."""

    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = PAGE_SIZE_MAX
    invalid_page_message = "Invalid page"
