package gateway

// platformFaults are the cases that this system alone can make.
var platformFaults []fault
