package sources

const nonblock = 0 // opening a file does not wait here
