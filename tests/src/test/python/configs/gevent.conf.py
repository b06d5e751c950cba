# Many connections behind a load balancer.
import multiprocessing

bind = ":8080"
workers = multiprocessing.cpu_count() * 2 + 1
worker_class = "gevent"
worker_connections = 1000
max_requests = 30000
timeout = 15
