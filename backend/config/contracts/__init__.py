"""What others build on, written down from the code: `python -m config.contracts [--check]`.

openapi.py       the OpenAPI document, of all operations of both vocabularies
links.py         which answer leads to which request
messages.py      the JSON Schema of every message of a live room
asyncapi.py      the AsyncAPI document of the live room
vectors.py       rooms played by the real engine, for whoever writes a client
pages.py         the catalogues of events and refusals, for people
samples/         examples of every operation, the documents' own where they have one
"""
