module sallyport/trace-relay

go 1.22
