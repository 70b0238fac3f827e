address=http://127.0.0.1:8080

# A program. The key of a repetition makes sure that it is done once.
curl -sf $address/v1/execute -H "Authorization: Bearer $SALLYPORT_KEY" -H 'Content-Type: application/json' \
  -H "Idempotency-Key: $(date +%s)-$$" -d '{"language": "python", "code": "print(6 * 7)"}'

# The same, as it speaks.
curl -sfN $address/v1/execute -H "Authorization: Bearer $SALLYPORT_KEY" -H 'Content-Type: application/json' \
  -d '{"code": "print(6 * 7)", "stream": true}'

# A statement through the gate.
curl -sf $address/v1/sql -H "Authorization: Bearer $SALLYPORT_KEY" -H 'Content-Type: application/json' \
  -d '{"statement": "SELECT count(*) FROM products"}'

# A question to the analyst, as it is answered.
curl -sfN $address/v1/chat/completions -H "Authorization: Bearer $SALLYPORT_KEY" -H 'Content-Type: application/json' \
  -d '{"model": "analyst", "stream": true, "messages": [{"role": "user", "content": "Which product categories bring the most margin?"}]}'

# A file, and what is seen of it.
printf 'region,mail\nnorth,ann@example.com\n' > sales.csv
curl -sf $address/v1/files -H "Authorization: Bearer $SALLYPORT_KEY" -F purpose=user_data -F file=@sales.csv
