// A worker of a moment. The first number a browser formats costs it some 20 ms, on a phone 100, for
// tables that all threads share: they are read here, where nobody waits, before the page needs them.
new Intl.NumberFormat("en", { style: "currency", currency: "USD" }).format(1);
self.close();
