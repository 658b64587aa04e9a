// See metrics.h.
#include "server/metrics.h"

#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>

#include <exception>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::server {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

using Labelled = std::vector<std::pair<std::string, std::uint64_t>>;

MetricFamily Counters(const std::string& name, const std::string& help, const std::string& label,
                      const Labelled& values) {
  MetricFamily family{name, help, MetricType::Counter, {}};
  for (const auto& [value, count] : values) {
    ClientMetric metric;
    if (!label.empty()) metric.label.push_back({label, value});
    metric.counter.value = static_cast<double>(count);
    family.metric.push_back(std::move(metric));
  }
  return family;
}

MetricFamily Counter(const std::string& name, const std::string& help, std::uint64_t value) {
  return Counters(name, help, "", {{"", value}});
}

MetricFamily Gauge(const std::string& name, const std::string& help, double value) {
  ClientMetric metric;
  metric.gauge.value = value;
  return {name, help, MetricType::Gauge, {metric}};
}

MetricFamily Buckets(const std::string& name, const std::string& help, const pipeline::Histogram& histogram) {
  ClientMetric metric;
  metric.histogram.sample_count = histogram.total;
  metric.histogram.sample_sum = histogram.sum;
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < histogram.upper.size(); ++i)
    metric.histogram.bucket.push_back({below += histogram.counts[i], histogram.upper[i]});
  return {name, help, MetricType::Histogram, {metric}};
}

// One value of each witness.
MetricFamily ByWitness(const std::string& name, const std::string& help, MetricType type,
                       const std::vector<witness::WitnessFigures>& witnesses,
                       const std::function<double(const witness::WitnessFigures&)>& value) {
  MetricFamily family{name, help, type, {}};
  for (const witness::WitnessFigures& witness : witnesses) {
    ClientMetric metric;
    metric.label.push_back({"witness", Escaped(witness.name)});
    (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value(witness);
    family.metric.push_back(std::move(metric));
  }
  return family;
}

void AddCopy(const copy::KeeperFigures& copy, std::vector<MetricFamily>* families) {
  families->push_back(Gauge("fundtrail_copy_following", "1 while the copy takes in what its source shows.",
                            copy.following ? 1 : 0));
  families->push_back(Gauge("fundtrail_copy_lag_records",
                            "Records that the source last showed and the copy has not.",
                            static_cast<double>(copy.source_records - copy.records)));
  families->push_back(Gauge("fundtrail_copy_lag_seconds", "Since the copy had all that its source showed.",
                            copy.lag_seconds));
}

// Of a ledger whose log several machines keep.
void AddLog(const replica::MemberFigures& member, const LogTimes& log, std::vector<MetricFamily>* families) {
  families->push_back(Gauge("fundtrail_log_role",
                            "1 while this machine holds the log and records, 0 while it stands by.",
                            member.role == replica::Role::kActive ? 1 : 0));
  families->push_back(Gauge("fundtrail_log_epoch",
                            "How often the log was taken, by anyone, as it was seen last.",
                            static_cast<double>(member.epoch)));
  families->push_back(
      Buckets("fundtrail_log_commit_seconds",
              "From the start of a group's way to the log until it was acknowledged, where it was at once.",
              log.seconds));
  families->push_back(Counter("fundtrail_log_in_doubt_total",
                              "Groups of which the first answer of the log did not tell.", log.in_doubt));
  families->push_back(Counter("fundtrail_log_fenced_total",
                              "Groups that the log refused, since it was another's turn.", log.fenced));
  families->push_back(
      Counter("fundtrail_log_takeovers_total", "How often this process took the log.", log.takeovers));
  families->push_back(Gauge("fundtrail_log_behind",
                            "1 while the log has less than somebody has receipts for, or another history.",
                            member.behind ? 1 : 0));
  families->push_back(Gauge("fundtrail_log_follow_lag_records",
                            "Records that the log has and a standby has not.",
                            static_cast<double>(member.lag_records)));
  if (member.synchronous_standbys.has_value())
    families->push_back(Gauge("fundtrail_log_synchronous_standbys",
                              "Standbys of the database that are connected and acknowledge.",
                              static_cast<double>(*member.synchronous_standbys)));
}

class StatsAsMetrics final : public prometheus::Collectable {
 public:
  explicit StatsAsMetrics(std::function<ServerStats()> stats) : stats_(std::move(stats)) {}

  std::vector<MetricFamily> Collect() const override {
    const ServerStats now = stats_();
    const pipeline::PipelineCounts& entries = now.pipeline;
    Labelled refusals;
    for (const auto& [code, count] : entries.refusals) refusals.emplace_back(model::WordOf(code), count);
    Labelled not_taken;
    for (std::size_t i = 0; i < kWhyNotTaken.size(); ++i)
      not_taken.emplace_back(kWhyNotTaken[i], now.not_taken[i]);
    std::vector<MetricFamily> families = {
        Counters("fundtrail_entries_total", "Entries that were sent, by what became of them.", "result",
                 {{"accepted", entries.accepted},
                  {"repeated", entries.repeated},
                  {"refused", entries.refused},
                  {"cancelled", entries.cancelled},
                  {"turned_away", entries.turned_away},
                  {"failed", entries.failed}}),
        Counters("fundtrail_refusals_total", "Entries that the rules refused, by code.", "code", refusals),
        Counters("fundtrail_calls_not_taken_total",
                 "Calls that were to write and of which nothing was taken, by why.", "reason", not_taken),
        Gauge("fundtrail_queue_addresses", "Addresses of which entries wait, are checked or written.",
              static_cast<double>(entries.addresses)),
        Gauge("fundtrail_queue_entries", "Entries that wait, are checked or written.",
              static_cast<double>(entries.queued_entries)),
        Gauge("fundtrail_queue_bytes", "Their bytes.", static_cast<double>(entries.queued_bytes)),
        Buckets("fundtrail_group_entries", "Entries in one group: one synced write, one checkpoint.",
                entries.group_entries),
        Buckets("fundtrail_write_seconds", "From the start of a group's write until it is on the disk.",
                now.writes.seconds),
        Counter("fundtrail_written_bytes_total", "Keys and values written.", now.writes.bytes),
        Counter("fundtrail_failed_writes_total", "Writes that the disk refused.", now.writes.failed),
        Counters("fundtrail_questions_total", "Questions, by what became of them.", "result",
                 {{"answered", now.questions_answered},
                  {"failed", now.questions_failed},
                  {"turned_away", now.questions_turned_away}}),
        Counter("fundtrail_faults_total", "Calls that ran into a fault of this program.", now.faults),
        Gauge("fundtrail_connections", "Connections that are open.", static_cast<double>(now.connections)),
        Gauge("fundtrail_calls", "Calls that are open.", static_cast<double>(now.calls)),
        Counter("fundtrail_connections_turned_away_total", "Connections above the limits.",
                now.connections_turned_away),
        Gauge("fundtrail_http_connections", "Connections over HTTP that are open.",
              static_cast<double>(now.http.connections)),
        Counter("fundtrail_http_requests_total", "Requests over HTTP.", now.http.requests),
        Counters("fundtrail_http_connections_ended_total",
                 "Connections over HTTP that the server ended before their time, by why.", "reason",
                 {{"limit", now.http.turned_away}, {"slow", now.http.cut}}),
        Counters("fundtrail_http_pages_total", "Pages over HTTP, by where they came from.", "from",
                 {{"kept", now.pages.hits}, {"worked_out", now.pages.misses}, {"joined", now.pages.joined}}),
        Gauge("fundtrail_http_kept_pages", "Pages over HTTP that are kept.",
              static_cast<double>(now.pages.answers)),
        Gauge("fundtrail_http_kept_bytes", "Their bytes.", static_cast<double>(now.pages.bytes)),
        Gauge("fundtrail_records", "Records in the ledger.", static_cast<double>(now.records)),
        Gauge("fundtrail_store_bytes", "Size of the store's files.", static_cast<double>(now.store_bytes)),
        Gauge("fundtrail_last_record_timestamp_seconds",
              "When the last record was sealed, and with it the last checkpoint.", now.last_record_seconds),
        Gauge("fundtrail_cosigned_records", "Records under the published checkpoint that witnesses cosigned.",
              static_cast<double>(now.cosigned_records)),
        ByWitness("fundtrail_witness_last_success_timestamp_seconds", "When the witness last answered well.",
                  MetricType::Gauge, now.witnesses,
                  [](const witness::WitnessFigures& one) { return one.last_success_seconds; }),
        ByWitness("fundtrail_witness_failures_total", "Answers of the witness that were none, or not good.",
                  MetricType::Counter, now.witnesses,
                  [](const witness::WitnessFigures& one) { return static_cast<double>(one.failures); }),
        ByWitness("fundtrail_witness_records", "Records under the last checkpoint that the witness cosigned.",
                  MetricType::Gauge, now.witnesses,
                  [](const witness::WitnessFigures& one) { return static_cast<double>(one.size); }),
    };
    if (now.member.is_member) AddLog(now.member, now.log, &families);
    if (now.copy.is_copy) {
      AddCopy(now.copy, &families);
    } else {
      families.push_back(Gauge("fundtrail_writable", "1 while entries are taken, 0 after a failed write.",
                               now.writable ? 1 : 0));
    }
    return families;
  }

 private:
  const std::function<ServerStats()> stats_;
};

class Exposed final : public Metrics {
 public:
  Exposed(const std::string& address, std::function<ServerStats()> stats)
      : stats_(std::make_shared<StatsAsMetrics>(std::move(stats))),
        exposer_(std::vector<std::string>{"listening_ports", address, "num_threads", "2",
                                          "request_timeout_ms", "5000", "enable_keep_alive", "no"}) {
    exposer_.RegisterCollectable(stats_);
  }
  int port() const override {
    const auto ports = exposer_.GetListeningPorts();
    return ports.empty() ? 0 : ports.front();
  }

 private:
  const std::shared_ptr<StatsAsMetrics> stats_;
  prometheus::Exposer exposer_;
};

}  // namespace

StatusOr<std::unique_ptr<Metrics>> ServeMetrics(const std::string& address,
                                                std::function<ServerStats()> stats) {
  try {
    return std::make_unique<Exposed>(address, std::move(stats));
  } catch (const std::exception&) {  // its words do not say why
    return absl::UnavailableError(absl::StrCat("cannot serve metrics on ", Escaped(address),
                                               ": is the address this machine's, and the port free?"));
  }
}

}  // namespace fundtrail::server
