package bounded

const nonblock = 0
