// One ledger, served: the pipeline that writes it, the services, and gRPC under them. The command line makes one
// without an address, to run the same services in its own process.
#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ledger/copy/keeper.h"
#include "ledger/log/ledger.h"
#include "ledger/net/listener.h"
#include "ledger/replica/keeper.h"
#include "server/config.h"
#include "server/cosigned_receipts.h"
#include "server/faults.h"
#include "server/front/shares.h"
#include "server/server_stats.h"
#include "server/services.h"
#include "server/timed_log.h"
#include "server/watch_service.h"

namespace fundtrail::net {
class Tls;
}

namespace fundtrail::server {

class ReflectionService;
class Relay;

// From a thread of the server's; either may be empty.
struct TellRole {
  std::function<void(const std::string&words)> note, warn;  // that something is well, or is not
};

class Server {
 public:
  // Serves what is in the folder config.ledger, or the copy in config.copy.dir once it has what its source shows: of a copy
  // there may be none yet. UNAVAILABLE when another process writes to it or the address cannot be had; INVALID_ARGUMENT for
  // settings or certificates that cannot be.
  // `broken`, when there is one, is told once, from another thread, why entries are taken no more. `fault` is told once of
  // each fault of this program that a call ran into (faults.h). `of_copy` hears of a copy, `of_role` of a ledger whose log
  // several machines keep: such a server stands by, and records when it has the log.
  static StatusOr<std::unique_ptr<Server>> Start(const Config& config,
                                                 std::function<void(const Status&)> broken = {},
                                                 TellFault fault = {}, copy::Keeper::Tell of_copy = {},
                                                 TellRole of_role = {});
  // In this process alone, without an address. `write`: with the right to append, which one process has at a time.
  static StatusOr<std::unique_ptr<Server>> InProcess(const std::string& dir, bool write);
  ~Server();

  std::shared_ptr<grpc::Channel> channel();  // inside this process
  // Inside this process too: hands an entry to the pipeline as Submission does, with what was judged of it before.
  // FAILED_PRECONDITION when it is only read; and the pipeline's errors, and then `done` is not called.
  Status Submit(pipeline::Job job);
  // The rows as they are now.
  const store::Store& rows() const {
    if (ledger_ != nullptr) return ledger_->store();
    if (replica_ != nullptr) return replica_->rows();
    return keeper_ != nullptr ? keeper_->rows() : *rows_;
  }
  // The questions, for other protocols than gRPC.
  QuestionDesk& desk() { return questions_->desk(); }
  // The checkpoint that witnesses cosigned.
  witness::PublishedCheckpoint& published() { return published_; }
  int port() const { return listener_ != nullptr ? listener_->port() : 0; }
  const std::string& name() const { return name_; }

  // Takes nothing more, finishes what was taken, and what questions finish within that time.
  void Stop(std::chrono::milliseconds within);

  // Beside everything else that goes on; from any thread.
  ServerStats stats() const;
  // Where receipts are to be cosigned (LogConfig::receipts): by these witnesses. Until this is called, nobody gets one.
  void CosignReceiptsWith(const std::shared_ptr<witness::Witnesses>& witnesses) {
    if (cosigned_receipts_ != nullptr) cosigned_receipts_->Ask(witnesses);
  }
  // What an operator should know at the start: of the certificates (Certificates::warnings), of too few open files.
  const std::vector<std::string>& warnings() const { return warnings_; }
  // Whether it serves a ledger that another machine records now, or nobody.
  bool stands_by() const { return replica_ != nullptr && replica_->active() == nullptr; }
  // Reads the certificates again; new connections get them. The same kind of warnings; after an error the old
  // certificates stay. FAILED_PRECONDITION without TLS.
  StatusOr<std::vector<std::string>> RenewCertificates(const Config& config);
  // A backup of the ledger as it is now (folder::BackUpFolder), beside everything else that goes on. FAILED_PRECONDITION while
  // this machine stands by.
  StatusOr<std::string> BackUp(const std::string& dir) const;

 private:
  Server() = default;
  Status Open(const std::string& dir, bool write, const pipeline::PipelineLimits& limits);
  Status OpenCopy(const CopyConfig& config, copy::Keeper::Tell tell);
  Status OpenReplica(const Config& config, const folder::Attached& attached, TellRole tell);
  void TakeEntries(log::Ledger* ledger, const pipeline::PipelineLimits& limits);
  void PublishCosigned();
  Status WhyNotActive() const;
  Status BeginWith(const store::Store& rows, const std::optional<std::string>& cosigned);
  void MakeServices(const Limits& limits, std::function<Status()> why_none);
  Status MakeRoomForConnections(const Limits& limits, bool serves_http);
  Status TakeConnections(const Limits& limits);
  void OnBroken(const Status& why);
  void TellHealth(grpc::HealthCheckServiceInterface* health);

  std::function<void(const Status&)> tell_broken_;
  mutable std::mutex health_mutex_;
  grpc::HealthCheckServiceInterface* health_ = nullptr;  // gRPC's, while it serves
  bool writable_ = true;

  // In the order in which they are made; what is below uses what is above.
  WriteWatch writes_;
  LogWatch log_times_;
  std::string dir_;
  std::unique_ptr<Faults> faults_ = std::make_unique<Faults>(TellFault());
  std::unique_ptr<store::Store> rows_;        // when only read
  std::unique_ptr<log::Ledger> ledger_;       // when written
  std::unique_ptr<copy::Keeper> keeper_;      // when a copy is served
  std::unique_ptr<replica::Keeper> replica_;  // when several machines keep the log
  std::string name_;
  witness::PublishedCheckpoint published_;
  std::unique_ptr<CosignedReceipts> cosigned_receipts_;  // null: receipts wait for no witness
  std::unique_ptr<pipeline::Pipeline> pipeline_;
  std::atomic<pipeline::Pipeline*> taking_{nullptr};  // the same, once it takes entries
  std::unique_ptr<pipeline::Workers> workers_;
  std::unique_ptr<pipeline::QuestionAdmission> admission_;
  std::unique_ptr<SubmissionService> submission_;
  std::unique_ptr<LedgerService> questions_;
  std::unique_ptr<WatchService> watch_;
  std::unique_ptr<ReflectionService> reflection_;  // null in this process alone
  std::vector<std::string> warnings_;
  std::unique_ptr<net::Tls> tls_;  // null: plaintext
  // From here down null in this process alone, but for gRPC: clients, what they may do, and the way to gRPC.
  std::unique_ptr<Shares> shares_;
  std::unique_ptr<net::Listener> listener_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> to_grpc_;
  std::unique_ptr<Relay> relay_;
  std::unique_ptr<grpc::Server> grpc_;
};

}  // namespace fundtrail::server
