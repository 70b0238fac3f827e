package main

import "errors"

// errMalformed is what a message that is no protobuf, or has a field of another type than gVisor's, comes to.
var errMalformed = errors.New("malformed message")

// field is one field of a protobuf message: its number, and its value either as a number or as bytes.
type field struct {
	number uint64
	value  uint64
	bytes  []byte
	isText bool
}

// fields reads the fields of a message in order. What it is given comes from a sandbox's kernel, which may be in the
// hands of the code inside: every length is held against what is there.
func fields(message []byte, each func(field) error) error {
	for len(message) > 0 {
		key, used := varint(message)
		if used == 0 || key>>3 == 0 {
			return errMalformed
		}
		message = message[used:]
		found := field{number: key >> 3}
		switch key & 7 {
		case 0:
			value, length := varint(message)
			if length == 0 {
				return errMalformed
			}
			found.value = value
			message = message[length:]
		case 1:
			if len(message) < 8 {
				return errMalformed
			}
			message = message[8:]
			continue
		case 5:
			if len(message) < 4 {
				return errMalformed
			}
			message = message[4:]
			continue
		case 2:
			size, length := varint(message)
			if length == 0 || size > uint64(len(message)-length) {
				return errMalformed
			}
			found.isText = true
			found.bytes = message[length : length+int(size)]
			message = message[length+int(size):]
		default:
			return errMalformed
		}
		if err := each(found); err != nil {
			return err
		}
	}
	return nil
}

// varint is a number of up to ten bytes, and how many it took; none where it does not end.
func varint(bytes []byte) (uint64, int) {
	var value uint64
	for index := 0; index < len(bytes) && index < 10; index++ {
		value |= uint64(bytes[index]&0x7f) << (7 * index)
		if bytes[index] < 0x80 {
			return value, index + 1
		}
	}
	return 0, 0
}
