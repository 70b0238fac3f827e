SELECT avg(salary) FROM employees
SELECT sum(salary) FROM employees
SELECT count(salary) FROM employees
SELECT count(*), avg(salary), stddev(salary) FROM employees
SELECT round(avg(salary), 2) AS average_salary FROM employees
SELECT sum(salary) / 12 AS monthly_payroll FROM employees
SELECT round(sum(salary) * 1.03) AS next_year FROM employees
SELECT variance(salary), stddev_pop(salary) FROM employees
SELECT avg(salary)::int FROM employees WHERE left_on IS NULL
SELECT avg(salary) FROM employees WHERE hired_on >= '2020-01-01'
SELECT avg(salary) FROM employees WHERE hired_on BETWEEN '2015-01-01' AND '2019-12-31'
SELECT avg(salary) FROM employees WHERE role = 'engineer'
SELECT avg(salary) FROM employees WHERE role IN ('engineer', 'analyst')
SELECT avg(salary) FROM employees WHERE role <> 'manager'
SELECT avg(salary) FROM employees WHERE level >= 4
SELECT avg(salary) FROM employees WHERE level < 3 AND gender = 'f'
SELECT avg(salary) FROM employees WHERE role LIKE 'eng%'
SELECT avg(salary) FROM employees WHERE role ILIKE '%AN%'
SELECT avg(salary) FROM employees WHERE NOT is_remote
SELECT avg(salary) FROM employees WHERE is_remote AND level > 2
SELECT avg(salary) FROM employees WHERE born < '1980-01-01'
SELECT avg(salary) FROM employees WHERE extract(year FROM hired_on) = 2021
SELECT avg(salary) FROM employees WHERE hired_on > CURRENT_DATE - interval '10 years'
SELECT avg(salary) FROM employees WHERE hired_on > now() - interval '12 years'
SELECT avg(salary) FROM employees WHERE age(born) > interval '40 years'
SELECT avg(salary) FROM employees WHERE date_part('year', age(CURRENT_DATE, hired_on)) >= 5
SELECT coalesce(sum(bonus), 0) FROM employees
SELECT avg(bonus) FROM employees WHERE role = 'manager'
SELECT count(bonus), count(*) FROM employees
SELECT avg(coalesce(level, 1)), avg(salary) FROM employees
SELECT avg(salary) AS pay, avg(bonus) AS bonus FROM employees
SELECT sum(salary) + sum(bonus) AS compensation FROM employees
SELECT count(bonus) * 100.0 / count(*) AS share FROM employees
SELECT 'All employees' AS who, avg(salary) FROM employees
SELECT role, avg(salary) FROM employees GROUP BY role
SELECT role, count(*), avg(salary) FROM employees GROUP BY role ORDER BY avg(salary) DESC
SELECT role, round(avg(salary), 0) AS average FROM employees GROUP BY role ORDER BY average DESC LIMIT 3
SELECT level, avg(salary), stddev(salary) FROM employees GROUP BY level ORDER BY level
SELECT gender, avg(salary) FROM employees GROUP BY gender
SELECT gender, level, avg(salary) FROM employees GROUP BY gender, level ORDER BY 1, 2
SELECT is_remote, avg(salary) FROM employees GROUP BY is_remote
SELECT department_id, sum(salary) AS cost FROM employees GROUP BY department_id ORDER BY cost DESC
SELECT department_id, avg(salary) FROM employees GROUP BY 1 HAVING count(*) >= 10
SELECT department_id, avg(salary) FROM employees GROUP BY department_id HAVING avg(salary) > 50000
SELECT department_id, role, avg(salary) FROM employees GROUP BY department_id, role
SELECT role, sum(salary) FROM employees WHERE left_on IS NULL GROUP BY role
SELECT extract(year FROM hired_on) AS year, avg(salary) FROM employees GROUP BY 1 ORDER BY 1
SELECT date_trunc('year', hired_on)::date AS year, count(*), avg(salary) FROM employees GROUP BY year ORDER BY year
SELECT extract(decade FROM born) * 10 AS decade, avg(salary) FROM employees GROUP BY 1 ORDER BY 1
SELECT CASE WHEN level >= 4 THEN 'senior' WHEN level >= 2 THEN 'middle' ELSE 'junior' END AS grade, avg(salary) FROM employees GROUP BY 1
SELECT CASE WHEN born < '1985-01-01' THEN 'older' ELSE 'younger' END AS age_group, avg(salary), count(*) FROM employees GROUP BY age_group
SELECT width_bucket(level, 1, 7, 3) AS third, avg(salary) FROM employees GROUP BY third ORDER BY third
SELECT coalesce(role, 'unknown') AS role_name, avg(salary) FROM employees GROUP BY coalesce(role, 'unknown')
SELECT upper(role) AS role_name, sum(salary) FROM employees GROUP BY upper(role)
SELECT role, avg(bonus) FROM employees WHERE bonus_eligible GROUP BY role
SELECT bonus_eligible, count(bonus), sum(bonus) FROM employees GROUP BY bonus_eligible
SELECT role, sum(salary) * 100 / sum(sum(salary)) OVER () AS percent FROM employees GROUP BY role
SELECT role, avg(salary), rank() OVER (ORDER BY avg(salary) DESC) FROM employees GROUP BY role
SELECT role, avg(salary) - lag(avg(salary)) OVER (ORDER BY role) AS step FROM employees GROUP BY role
SELECT level, sum(salary), sum(sum(salary)) OVER (ORDER BY level) AS running FROM employees GROUP BY level
SELECT date_part('quarter', hired_on) AS quarter, avg(salary) FROM employees GROUP BY quarter
SELECT to_char(hired_on, 'YYYY') AS year, avg(salary) FROM employees GROUP BY to_char(hired_on, 'YYYY') ORDER BY 1 DESC
SELECT floor(extract(year FROM age(CURRENT_DATE, born)) / 10) * 10 AS age_from, avg(salary) FROM employees GROUP BY 1 ORDER BY 1
SELECT gender, avg(salary) FILTER (WHERE level >= 4) AS senior, avg(salary) FILTER (WHERE level < 4) AS other FROM employees GROUP BY gender
SELECT avg(salary) FILTER (WHERE gender = 'f') AS women, avg(salary) FILTER (WHERE gender = 'm') AS men FROM employees
SELECT level, avg(salary) FROM employees GROUP BY ROLLUP (level)
SELECT gender, is_remote, avg(salary) FROM employees GROUP BY GROUPING SETS ((gender), (is_remote))
SELECT DISTINCT role, avg(salary) FROM employees GROUP BY role
SELECT role, avg(salary) FROM employees GROUP BY role ORDER BY role FETCH FIRST 5 ROWS ONLY
SELECT d.name, avg(e.salary) FROM employees e JOIN departments d ON d.id = e.department_id GROUP BY d.name
SELECT d.name, sum(e.salary) AS payroll FROM employees e JOIN departments d ON d.id = e.department_id GROUP BY d.name ORDER BY payroll DESC
SELECT d.region, avg(e.salary), count(*) FROM departments d JOIN employees e ON e.department_id = d.id GROUP BY d.region
SELECT d.name, avg(e.salary) FROM departments d LEFT JOIN employees e ON e.department_id = d.id GROUP BY d.id, d.name
SELECT d.name, e.role, avg(e.salary) FROM employees e INNER JOIN departments d ON e.department_id = d.id GROUP BY d.name, e.role HAVING count(*) > 5
SELECT avg(e.salary) FROM employees e JOIN departments d ON d.id = e.department_id WHERE d.region = 'north'
SELECT avg(e.salary) FROM employees e, departments d WHERE e.department_id = d.id AND d.name = 'Sales'
SELECT avg(salary) FROM employees WHERE department_id IN (SELECT id FROM departments WHERE region = 'south')
SELECT avg(salary) FROM employees e WHERE EXISTS (SELECT 1 FROM assignments a WHERE a.employee_id = e.id)
SELECT avg(salary) FROM employees e WHERE NOT EXISTS (SELECT 1 FROM assignments a WHERE a.employee_id = e.id AND a.hours > 30)
SELECT p.name, avg(e.salary) FROM projects p JOIN assignments a ON a.project_id = p.id JOIN employees e ON e.id = a.employee_id GROUP BY p.name
SELECT p.status, count(DISTINCT e.id) FROM projects p JOIN assignments a ON a.project_id = p.id JOIN employees e ON e.id = a.employee_id GROUP BY p.status
SELECT d.region, gender, avg(salary) FROM employees JOIN departments d ON d.id = department_id GROUP BY d.region, gender ORDER BY d.region
SELECT s.city, avg(e.salary) FROM employees e JOIN sites s ON s.id = e.site_id GROUP BY s.city
SELECT s.country, d.name, avg(e.salary) FROM employees e JOIN sites s ON s.id = e.site_id JOIN departments d ON d.id = e.department_id GROUP BY 1, 2
SELECT s.city, sum(e.salary) / sum(s.desks) FROM employees e JOIN sites s ON s.id = e.site_id GROUP BY s.city
SELECT d.name AS department, round(avg(e.salary), 2) AS average, count(e.id) AS people FROM employees AS e JOIN departments AS d ON e.department_id = d.id WHERE e.left_on IS NULL GROUP BY d.name HAVING count(e.id) > 4 ORDER BY average DESC LIMIT 10
SELECT d.name, avg(e.salary) > 60000 AS expensive FROM employees e JOIN departments d ON d.id = e.department_id GROUP BY d.name
SELECT d.name, avg(e.bonus) FROM employees e JOIN departments d ON d.id = e.department_id WHERE e.bonus_eligible GROUP BY d.name
SELECT m.name AS manager_department, avg(e.salary) FROM employees e JOIN departments m ON m.id = e.department_id AND m.region = 'north' GROUP BY m.name
SELECT d.name FROM employees e JOIN departments d ON d.id = e.department_id GROUP BY d.name HAVING avg(e.salary) > 40000
SELECT d.region, avg(e.salary) FROM employees e JOIN departments d ON d.id = e.department_id JOIN sites s ON s.id = e.site_id WHERE s.country = 'NO' GROUP BY d.region
SELECT d.name, sum(e.salary) FROM employees e RIGHT JOIN departments d ON d.id = e.department_id GROUP BY d.name
SELECT d.name, avg(e.salary) FROM employees e JOIN departments d ON d.id = e.department_id WHERE e.hired_on > CURRENT_DATE - 5000 GROUP BY d.name
SELECT CASE d.region WHEN 'north' THEN 'N' ELSE 'other' END AS part, avg(e.salary) FROM employees e JOIN departments d ON d.id = e.department_id GROUP BY part
SELECT date_trunc('month', paid_at) AS month, sum(amount) FROM payments GROUP BY month ORDER BY month
SELECT to_char(paid_at, 'YYYY-MM') AS month, sum(amount), count(*) FROM payments GROUP BY 1 ORDER BY 1
SELECT extract(year FROM paid_at) AS year, extract(month FROM paid_at) AS month, avg(amount) FROM payments GROUP BY 1, 2 ORDER BY 1, 2
SELECT date_trunc('quarter', paid_at)::date AS quarter, sum(amount) FROM payments GROUP BY 1
SELECT kind, sum(amount) FROM payments GROUP BY kind
SELECT kind, date_trunc('month', paid_at) AS month, sum(amount) FROM payments GROUP BY kind, month ORDER BY month, kind
SELECT sum(amount) FROM payments WHERE paid_at >= '2025-03-01' AND paid_at < '2025-04-01'
SELECT sum(amount) FROM payments WHERE paid_at >= now() - interval '30 years'
SELECT sum(amount) FROM payments WHERE paid_at::date = '2025-02-25'
SELECT avg(amount) FROM payments WHERE kind = 'overtime'
SELECT sum(amount) FROM payments WHERE date_trunc('month', paid_at) = '2025-02-01'
SELECT sum(amount) FROM payments WHERE extract(quarter FROM paid_at) = 1
SELECT to_char(paid_at, 'Day') AS weekday, avg(amount) FROM payments GROUP BY 1
SELECT d.name, sum(p.amount) FROM payments p JOIN employees e ON e.id = p.employee_id JOIN departments d ON d.id = e.department_id GROUP BY d.name
SELECT e.role, date_trunc('month', p.paid_at) AS month, sum(p.amount) FROM payments p JOIN employees e ON e.id = p.employee_id GROUP BY e.role, month
SELECT e.gender, avg(p.amount) FROM payments p JOIN employees e ON e.id = p.employee_id WHERE p.kind = 'salary' GROUP BY e.gender
SELECT date_trunc('month', paid_at) AS month, sum(amount), sum(sum(amount)) OVER (ORDER BY date_trunc('month', paid_at)) AS running FROM payments GROUP BY 1
SELECT month, total, total - lag(total) OVER (ORDER BY month) AS change FROM (SELECT date_trunc('month', paid_at) AS month, sum(amount) AS total FROM payments GROUP BY 1) m
WITH m AS (SELECT date_trunc('month', paid_at) AS month, sum(amount) AS total FROM payments GROUP BY 1) SELECT avg(total), max(total), min(total) FROM m
WITH m AS (SELECT date_trunc('month', paid_at) AS month, kind, sum(amount) AS amount FROM payments GROUP BY 1, 2) SELECT kind, avg(amount) FROM m GROUP BY kind
SELECT avg(amount) FROM payments WHERE paid_at > CURRENT_DATE - interval '20 years' AND kind <> 'salary'
SELECT m::date AS month, sum(p.amount) FROM generate_series('2025-01-01'::timestamptz, '2025-06-01', interval '1 month') m JOIN payments p ON date_trunc('month', p.paid_at) = m GROUP BY m ORDER BY m
SELECT s.city, sum(p.amount) FROM payments p JOIN employees e ON e.id = p.employee_id JOIN sites s ON s.id = e.site_id WHERE p.paid_at >= '2025-04-01' GROUP BY s.city
SELECT kind, count(*), sum(amount), avg(amount), stddev(amount) FROM payments GROUP BY kind ORDER BY sum(amount) DESC
SELECT date_part('week', paid_at) AS week, sum(amount) FROM payments GROUP BY week ORDER BY week
SELECT kind, sum(amount) FILTER (WHERE paid_at >= '2025-04-01') AS recent, sum(amount) AS total FROM payments GROUP BY kind
SELECT avg(cost) FROM visits
SELECT ward, avg(cost) FROM visits GROUP BY ward
SELECT ward, count(*), sum(cost) FROM visits GROUP BY ward ORDER BY sum(cost) DESC
SELECT date_trunc('month', visited_on) AS month, sum(cost) FROM visits GROUP BY month ORDER BY month
SELECT to_char(visited_on, 'YYYY-MM') AS month, ward, avg(cost) FROM visits GROUP BY 1, 2 ORDER BY 1, 2
SELECT avg(length_of_stay) FROM visits
SELECT extract(epoch FROM avg(length_of_stay)) / 3600 AS hours FROM visits
SELECT ward, avg(length_of_stay) FROM visits GROUP BY ward
SELECT ward, extract(day FROM avg(length_of_stay)) FROM visits GROUP BY ward
SELECT p.sex, avg(v.cost) FROM visits v JOIN patients p ON p.id = v.patient_id GROUP BY p.sex
SELECT p.insurer, sum(v.cost), count(*) FROM patients p JOIN visits v ON v.patient_id = p.id GROUP BY p.insurer
SELECT p.insurer, date_trunc('quarter', v.visited_on) AS quarter, sum(v.cost) FROM patients p JOIN visits v ON v.patient_id = p.id GROUP BY 1, 2
SELECT avg(weight) FROM patients
SELECT sex, avg(weight), stddev(weight) FROM patients GROUP BY sex
SELECT extract(year FROM age('2025-06-01', born))::int / 20 * 20 AS age_from, avg(weight) FROM patients GROUP BY 1
SELECT sum(cost) FROM visits WHERE ward IN ('cardiology', 'surgery')
SELECT sum(cost) FROM visits WHERE visited_on >= date '2025-01-01' AND visited_on < date '2025-07-01'
SELECT sum(cost) FROM visits WHERE emergency
SELECT emergency, avg(cost), avg(length_of_stay) FROM visits GROUP BY emergency
SELECT ward, emergency, sum(cost) FROM visits GROUP BY CUBE (ward, emergency)
SELECT ward, round(avg(cost)::numeric, 2) FROM visits GROUP BY ward HAVING count(*) > 20
SELECT p.insurer, avg(p.weight) FROM patients p WHERE p.id IN (SELECT patient_id FROM visits WHERE emergency) GROUP BY p.insurer
SELECT avg(weight) FROM patients WHERE smoker AND sex = 'm'
SELECT smoker, sex, avg(weight) FROM patients GROUP BY smoker, sex
SELECT count(weight), avg(weight) FROM patients WHERE born BETWEEN '1950-01-01' AND '1979-12-31'
SELECT ward, sum(cost) / count(DISTINCT patient_id) AS per_patient FROM visits GROUP BY ward
SELECT ward, sum(cost) FROM visits WHERE extract(isodow FROM visited_on) IN (6, 7) GROUP BY ward
SELECT 'first half' AS half, sum(cost) FROM visits WHERE visited_on < '2025-07-01' UNION ALL SELECT 'second half', sum(cost) FROM visits WHERE visited_on >= '2025-07-01'
WITH wards AS (SELECT ward, avg(cost) AS cost FROM visits GROUP BY ward) SELECT ward FROM wards WHERE cost > (SELECT avg(cost) FROM wards)
SELECT ward, avg(cost) - (SELECT avg(cost) FROM visits) AS over FROM visits GROUP BY ward
SELECT sum(cost) FROM visits WHERE note ILIKE '%follow%'
SELECT length(ward) AS letters, avg(cost) FROM visits GROUP BY letters
SELECT sum(total) FROM invoices
SELECT avg(total) FROM invoices WHERE status = 'paid'
SELECT status, sum(total) FROM invoices GROUP BY status
SELECT status, count(*), avg(total) FROM invoices GROUP BY status ORDER BY 2 DESC
SELECT date_trunc('month', issued_on) AS month, sum(total) AS revenue FROM invoices GROUP BY month ORDER BY month
SELECT to_char(issued_on, 'YYYY-MM') AS month, sum(total) FROM invoices WHERE status = 'paid' GROUP BY month
SELECT extract(year FROM issued_on) AS year, status, sum(total) FROM invoices GROUP BY year, status ORDER BY year
SELECT c.country, sum(i.total) FROM invoices i JOIN customers c ON c.id = i.customer_id GROUP BY c.country ORDER BY 2 DESC
SELECT c.segment, avg(i.total) FROM invoices i JOIN customers c ON c.id = i.customer_id GROUP BY c.segment
SELECT c.country, c.segment, sum(i.total) FROM invoices i JOIN customers c ON c.id = i.customer_id GROUP BY c.country, c.segment
SELECT c.country, date_trunc('quarter', i.issued_on) AS quarter, sum(i.total) FROM customers c JOIN invoices i ON i.customer_id = c.id GROUP BY 1, 2 ORDER BY 1, 2
SELECT c.country, sum(i.total) AS revenue FROM customers c JOIN invoices i ON i.customer_id = c.id WHERE i.status <> 'cancelled' GROUP BY c.country HAVING sum(i.total) > 1000 ORDER BY revenue DESC LIMIT 5
SELECT sum(total) FROM invoices WHERE customer_id IN (SELECT id FROM customers WHERE segment = 'public')
SELECT sum(i.total) FROM invoices i JOIN customers c ON c.id = i.customer_id WHERE c.signed_up >= '2023-01-01'
SELECT extract(year FROM c.signed_up) AS cohort, avg(i.total) FROM customers c JOIN invoices i ON i.customer_id = c.id GROUP BY cohort ORDER BY cohort
SELECT c.segment, sum(i.total) / count(DISTINCT c.id) AS per_customer FROM customers c JOIN invoices i ON i.customer_id = c.id GROUP BY c.segment
SELECT sum(total) FROM invoices WHERE issued_on >= date_trunc('year', CURRENT_DATE) - interval '5 years'
SELECT sum(total) FROM invoices WHERE issued_on > CURRENT_DATE - 10000
SELECT sum(total) FROM invoices WHERE paid_on - issued_on > 30
SELECT paid_on IS NULL AS open, sum(total) FROM invoices GROUP BY 1
SELECT CASE WHEN paid_on - issued_on <= 30 THEN 'in time' ELSE 'late' END AS paid, sum(total), count(*) FROM invoices WHERE paid_on IS NOT NULL GROUP BY 1
SELECT currency, sum(total) FROM invoices GROUP BY currency
SELECT currency, status, avg(total) FROM invoices GROUP BY currency, status ORDER BY currency
SELECT lower(c.country) AS land, sum(i.total) FROM invoices i JOIN customers c ON c.id = i.customer_id GROUP BY lower(c.country)
SELECT c.country, count(i.total) FROM customers c JOIN invoices i ON i.customer_id = c.id GROUP BY c.country
SELECT avg(credit_limit) FROM customers
SELECT segment, avg(credit_limit), count(*) FROM customers GROUP BY segment
SELECT country, sum(credit_limit) FROM customers GROUP BY country ORDER BY sum(credit_limit) DESC
SELECT extract(year FROM signed_up) AS year, avg(credit_limit) FROM customers GROUP BY year
SELECT avg(credit_limit) FROM customers WHERE signed_up < '2022-01-01' AND segment = 'private'
SELECT avg(c.credit_limit) FROM customers c WHERE EXISTS (SELECT 1 FROM invoices i WHERE i.customer_id = c.id AND i.status = 'open')
SELECT c.segment, avg(c.credit_limit) FROM customers c WHERE c.id IN (SELECT customer_id FROM invoices GROUP BY customer_id HAVING count(*) > 3) GROUP BY c.segment
WITH monthly AS (SELECT date_trunc('month', issued_on) AS month, sum(total) AS revenue FROM invoices GROUP BY 1) SELECT month, revenue, avg(revenue) OVER (ORDER BY month ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM monthly
WITH by_country AS (SELECT c.country, sum(i.total) AS revenue FROM customers c JOIN invoices i ON i.customer_id = c.id GROUP BY c.country) SELECT country, revenue, round(100 * revenue / sum(revenue) OVER (), 1) AS percent FROM by_country ORDER BY revenue DESC
SELECT sum(total) FROM (SELECT status, avg(total) AS total FROM invoices GROUP BY status) s
SELECT a.country, a.revenue FROM (SELECT c.country, sum(i.total) AS revenue FROM customers c JOIN invoices i ON i.customer_id = c.id GROUP BY c.country) a WHERE a.revenue > 10000
SELECT (SELECT sum(total) FROM invoices WHERE status = 'paid') AS paid, (SELECT sum(total) FROM invoices WHERE status = 'open') AS open
SELECT status, sum(total) FROM invoices WHERE total_lines > 3 GROUP BY status
SELECT total_lines, avg(total) FROM invoices GROUP BY total_lines ORDER BY total_lines
SELECT date_trunc('month', issued_on)::date AS month, count(*) AS invoices, sum(total) AS revenue, round(avg(total), 2) AS average FROM invoices WHERE status IN ('paid', 'open') GROUP BY 1 ORDER BY 1
WITH active AS (SELECT * FROM employees WHERE left_on IS NULL) SELECT avg(salary) FROM active
WITH active AS (SELECT * FROM employees WHERE left_on IS NULL) SELECT role, avg(salary) FROM active GROUP BY role ORDER BY role
WITH engineers AS (SELECT id, department_id, salary FROM employees WHERE role = 'engineer') SELECT department_id, avg(salary) FROM engineers GROUP BY department_id
SELECT role, avg(salary) FROM (SELECT * FROM employees WHERE level > 2) e GROUP BY role
SELECT avg(e.salary) FROM (SELECT id, salary, level FROM employees WHERE is_remote) e WHERE e.level > 1
WITH recent AS (SELECT * FROM payments WHERE paid_at >= '2025-04-01') SELECT kind, sum(amount) FROM recent GROUP BY kind
WITH paid AS (SELECT * FROM invoices WHERE status = 'paid') SELECT c.country, sum(p.total) FROM paid p JOIN customers c ON c.id = p.customer_id GROUP BY c.country
WITH north AS (SELECT id FROM departments WHERE region = 'north') SELECT avg(salary) FROM employees WHERE department_id IN (SELECT id FROM north)
WITH busy AS (SELECT employee_id, sum(hours) AS hours FROM assignments GROUP BY employee_id) SELECT b.hours > 30 AS busy, avg(e.salary) FROM employees e JOIN busy b ON b.employee_id = e.id GROUP BY 1
WITH ages AS (SELECT id, extract(year FROM age(CURRENT_DATE, born)) AS years FROM employees) SELECT a.years >= 40 AS older, avg(e.salary) FROM employees e JOIN ages a ON a.id = e.id GROUP BY 1
WITH costs AS (SELECT department_id, sum(salary) AS cost FROM employees GROUP BY department_id) SELECT d.name, c.cost FROM costs c JOIN departments d ON d.id = c.department_id ORDER BY c.cost DESC
SELECT region, max(average) FROM (SELECT d.region, d.name, avg(e.salary) AS average FROM employees e JOIN departments d ON d.id = e.department_id GROUP BY d.region, d.name) q GROUP BY region
