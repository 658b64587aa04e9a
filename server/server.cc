// See server.h.
#include "server/server.h"

#include <grpc/grpc.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <future>

#include "absl/strings/str_cat.h"
#include "ledger/folder/attached.h"
#include "ledger/folder/cosigned.h"
#include "ledger/folder/folder.h"
#include "ledger/net/address.h"
#include "ledger/net/http_listener.h"
#include "ledger/net/tls.h"
#include "ledger/pipeline/elsewhere.h"
#include "ledger/pipeline/retry.h"
#include "ledger/query/view.h"
#include "server/front/relay.h"
#include "server/open_ledger.h"
#include "server/reflection_service.h"
#include "server/status.h"

namespace fundtrail::server {
namespace {

// Of the ledger (RocksDB keeps 256 open), of metrics, and of what runs beside them.
constexpr std::size_t kOtherFiles = 512;
constexpr std::size_t kFewestConnections = 8;
constexpr std::size_t kFilesEach =
    3;  // of a connection: its own, and a pair of sockets between the relay and gRPC

// Only the server reflection that gRPC brings along, v1alpha, takes a thread a call.
constexpr int kReflectionThreads = 16;

constexpr unsigned kRelayThreads = 2;

constexpr std::chrono::seconds kDelivery{1};  // for answers to reach their clients when the server stops

net::CertificateFiles FilesOf(const Config& config) {
  return {config.tls_cert, config.tls_key, config.client_ca};
}

// Files come and go beside this: what cannot be looked at any more counts as nothing.
std::uint64_t FolderBytes(const std::string& dir) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator at(dir, error), end; !error && at != end; at.increment(error)) {
    std::error_code gone;
    const auto size = at->file_size(gone);
    if (!gone) bytes += size;
  }
  return bytes;
}

void SetLimits(const Limits& limits, grpc::ServerBuilder* builder) {
  grpc::ResourceQuota quota("fundtraild");
  quota.Resize(limits.memory_bytes);
  quota.SetMaxThreads(kReflectionThreads);
  builder->SetResourceQuota(quota);
  builder->SetMaxReceiveMessageSize(static_cast<int>(limits.request_bytes));
  builder->SetMaxSendMessageSize(static_cast<int>(limits.answer_bytes + (std::size_t{1} << 20)));
  // Without these probes its windows and frames stay as announced first: the relay holds clients to that.
  builder->AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  // What a client may send for one call before it is read: a longer message gets more when its length is known.
  builder->AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 32 * 1024);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits.streams_per_connection);
  // A client that is silent is asked for a sign of life, and let go without one.
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, 600'000);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 * 1024);
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10'000);
  // gRPC unpacks a message whole before it looks at its size: 400 kB on the wire became 400 MB here.
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
}

// By name. Health and the reflection of before version 1 are gRPC's own.
std::vector<std::string> AllServices() {
  return {v1::Ledger::service_full_name(),
          v1::Submission::service_full_name(),
          v1::Watcher::service_full_name(),
          "grpc.health.v1.Health",
          grpc::reflection::v1::ServerReflection::service_full_name(),
          "grpc.reflection.v1alpha.ServerReflection"};
}

Status WhyNoMessage(std::size_t bytes, bool too_long, std::size_t most) {
  if (too_long) {
    return absl::ResourceExhaustedError(
        absl::StrCat("a message of ", bytes, " bytes: this server takes ", most, " at most"));
  }
  return pipeline::AgainIn(std::chrono::seconds(1),
                           "too many large messages are under way: try again in a moment");
}

// To whoever sends an entry where none is taken.
std::string WhyOnlyRead(const CopyConfig& copy) {
  if (copy.dir.empty()) return "this ledger is open for reading only";
  if (!copy.writer.empty())
    return absl::StrCat("this is a copy, to read: send the entry to the ledger itself, with --server ",
                        copy.writer);
  return absl::StrCat(
      "this is a copy, to read: send the entry with --server to the ledger itself, whose archive is ",
      copy.from);
}

CallEnd EndOf(const Status& status) {
  const grpc::Status end = ToGrpc(status);
  return {end.error_code(), end.error_message(), end.error_details()};
}

}  // namespace

Status Server::Open(const std::string& dir, bool write, const pipeline::PipelineLimits& limits) {
  const store::Store* rows = nullptr;
  dir_ = dir;
  FT_ASSIGN_OR_RETURN(const auto cosigned, folder::ReadCosigned(dir));
  if (write) {
    FT_ASSIGN_OR_RETURN(ledger_, OpenLedger(dir, [this](auto store) {
                          return WithWriteTimes(std::move(store), pipeline::SteadySeconds(), &writes_);
                        }));
    TakeEntries(ledger_.get(), limits);
    rows = &ledger_->store();
  } else {
    FT_ASSIGN_OR_RETURN(rows_, folder::OpenFolderToRead(dir));
    rows = rows_.get();
  }
  return BeginWith(*rows, cosigned);
}

void Server::TakeEntries(log::Ledger* ledger, const pipeline::PipelineLimits& limits) {
  if (cosigned_receipts_ != nullptr)
    ledger->GiveReceiptsAfter(
        [this](const std::string& checkpoint) { return cosigned_receipts_->Confirm(checkpoint); });
  pipeline_ = std::make_unique<pipeline::Pipeline>(
      ledger, log::SystemClock(), limits,
      pipeline::Pipeline::Tell{[this](const Status& why) { OnBroken(why); },
                               [this](const Status& fault) { faults_->Tell(fault); },
                               [this] {
                                 if (WatchService* const watch = watch_.get()) watch->hub().Sealed();
                               }});
  taking_ = pipeline_.get();
}

// It begins as a standby, whoever had the log before.
Status Server::OpenReplica(const Config& config, const folder::Attached& attached, TellRole tell) {
  dir_ = config.ledger;
  replica::Keeper::Tell hears;
  hears.note = std::move(tell.note);
  hears.warn = std::move(tell.warn);
  hears.grown = [this] {
    PublishCosigned();
    watch_->hub().Sealed();
  };
  hears.active = [this, limits = config.pipeline](log::Ledger* ledger) {
    TakeEntries(ledger, limits);
    submission_->TakeInto(pipeline_.get());
    const std::lock_guard lock(health_mutex_);
    writable_ = true;
    if (health_ != nullptr) health_->SetServingStatus(v1::Submission::service_full_name(), true);
  };
  hears.left = [this](const Status& why) { OnBroken(why); };
  FT_RETURN_IF_ERROR(folder::ReadCosigned(dir_).status());
  FT_ASSIGN_OR_RETURN(replica_, replica::Keeper::Open(
                                    dir_, LogOpener(attached, config.log, &log_times_),
                                    [this](auto store) {
                                      return WithWriteTimes(std::move(store), pipeline::SteadySeconds(),
                                                            &writes_);
                                    },
                                    std::move(hears)));
  writable_ = false;
  FT_RETURN_IF_ERROR(BeginWith(replica_->rows(), std::nullopt));
  PublishCosigned();
  return absl::OkStatus();
}

// After a power cut the rows may be behind what was cosigned of them, until they are here again from the log.
void Server::PublishCosigned() {
  if (published_.newest() != nullptr) return;
  const auto cosigned = folder::ReadCosigned(dir_);
  if (!cosigned.ok() || !cosigned->has_value()) return;
  const auto view = query::MakeView(rows());
  if (view.ok() && folder::CheckCosigned(**cosigned, name_, rows(), view->checkpoint.size()).ok())
    (void)published_.Set(**cosigned);
}

Status Server::WhyNotActive() const {
  const replica::MemberFigures now = replica_->figures();
  if (now.behind)
    return pipeline::NotActive("", "the log went back: nothing is recorded before people have mended it");
  if (now.active_address.empty())
    return pipeline::NotActive(
        "", "this server stands by, and no other is known to record now: try again in a moment");
  return pipeline::NotActive(
      now.active_address,
      absl::StrCat("this server stands by: send the entry with --server ", now.active_address));
}

Status Server::OpenCopy(const CopyConfig& config, copy::Keeper::Tell tell) {
  dir_ = config.dir;
  tell.grown = [this] {
    if (keeper_ == nullptr) return;  // it is opened, and nobody is served yet
    const auto cosigned = keeper_->cosigned();
    // Whoever kept an older one than was published goes on with what was.
    if (cosigned.has_value()) (void)published_.Set(*cosigned);
    if (WatchService* const watch = watch_.get()) watch->hub().Sealed();
  };
  FT_ASSIGN_OR_RETURN(keeper_,
                      copy::Keeper::Open({config.dir, config.from, config.ca, config.vkey}, std::move(tell)));
  writable_ = false;
  return BeginWith(keeper_->rows(), keeper_->cosigned());
}

Status Server::BeginWith(const store::Store& rows, const std::optional<std::string>& cosigned) {
  FT_ASSIGN_OR_RETURN(const auto view, query::MakeView(rows));
  name_ = view.checkpoint.ledger();
  if (!cosigned.has_value()) return absl::OkStatus();
  FT_RETURN_IF_ERROR(folder::CheckCosigned(*cosigned, name_, rows, view.checkpoint.size()).status());
  return published_.Set(*cosigned);
}

void Server::MakeServices(const Limits& limits, std::function<Status()> why_none) {
  const auto fault = [this](const Status& status) { faults_->Tell(status); };
  workers_ = std::make_unique<pipeline::Workers>(limits.question_threads, limits.questions_waiting, fault);
  admission_ = std::make_unique<pipeline::QuestionAdmission>(
      workers_.get(), limits.admission, LargestAnswer(limits), pipeline::SteadySeconds(), fault);
  log::KeyRing ring = folder::RingOf(dir_);
  if (replica_ != nullptr) {
    ring.prepared = [this, in_folder = std::move(ring.prepared)](
                        const crypto::PublicKey& key) -> StatusOr<crypto::SigningKey> {
      FT_RETURN_IF_ERROR(replica_->MayRotateTo(key));
      return in_folder(key);
    };
  }
  submission_ =
      std::make_unique<SubmissionService>(pipeline_.get(), rows(), admission_.get(), log::SystemClock(),
                                          std::move(ring), limits, std::move(why_none));
  questions_ = std::make_unique<LedgerService>(rows(), published_, admission_.get(), limits);
  watch_ = std::make_unique<WatchService>(rows(), admission_.get(), limits);
}

// Reading goes on, so only the service that writes is out of order.
void Server::TellHealth(grpc::HealthCheckServiceInterface* health) {
  const std::lock_guard lock(health_mutex_);
  health_ = health;
  if (health_ == nullptr) return;
  health_->SetServingStatus(v1::Ledger::service_full_name(), true);
  health_->SetServingStatus(v1::Submission::service_full_name(), writable_);
}

void Server::OnBroken(const Status& why) {
  {
    const std::lock_guard lock(health_mutex_);
    writable_ = false;
    if (health_ != nullptr) health_->SetServingStatus(v1::Submission::service_full_name(), false);
  }
  if (tell_broken_) tell_broken_(why);
}

// A process without descriptors can neither accept nor, what is worse, write its ledger.
Status Server::MakeRoomForConnections(const Limits& limits, bool serves_http) {
  const std::size_t files = net::RaiseFileLimit(),
                    others = kOtherFiles + (serves_http ? net::HttpBounds().connections : 0);
  std::size_t most = limits.front.connections;
  if (files < others + kFilesEach * most) {
    if (files < others + kFilesEach * kFewestConnections) {
      return absl::UnavailableError(absl::StrCat("this process may have ", files, " files open and needs ",
                                                 others + kFilesEach * most,
                                                 ": raise the limit (ulimit -n, LimitNOFILE)"));
    }
    most = (files - others) / kFilesEach;
    warnings_.push_back(absl::StrCat("limits.connections is ", limits.front.connections,
                                     ", and there will be ", most, ": this process may have ", files,
                                     " files open; raise that limit (ulimit -n, LimitNOFILE)"));
  }
  FrontLimits front = limits.front;
  front.connections = most;
  front.message_bytes = limits.request_bytes;
  front.messages_bytes = std::max(limits.request_bytes, limits.memory_bytes / 2);  // the rest is for answers
  shares_ = std::make_unique<Shares>(front, pipeline::SteadySeconds());
  return absl::OkStatus();
}

Status Server::TakeConnections(const Limits& limits) {
  Relay::Tls tls;
  if (tls_ != nullptr) tls = [this] { return tls_->context(); };
  FT_ASSIGN_OR_RETURN(
      relay_, Relay::Start(
                  shares_.get(), tls,
                  [this](int socket) {
                    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
                    connection.listener_fd = -1;
                    connection.fd = socket;
                    to_grpc_->HandleNewConnection(&connection);
                  },
                  [most = limits.request_bytes](std::size_t bytes, bool too_long) {
                    return EndOf(WhyNoMessage(bytes, too_long, most));
                  },
                  kRelayThreads));
  listener_->Start(
      [this, clients = std::uint64_t{0}](int /*listener*/, int socket, const sockaddr_storage& peer) mutable {
        std::string address = net::AddressOf(peer);
        // Whoever comes by a socket file may be anybody: a proxy's clients must not be in each other's way.
        if (peer.ss_family == AF_UNIX) absl::StrAppend(&address, ":", ++clients);
        relay_->Take(socket, address);
      });
  return absl::OkStatus();
}

StatusOr<std::unique_ptr<Server>> Server::Start(const Config& config,
                                                std::function<void(const Status&)> broken, TellFault fault,
                                                copy::Keeper::Tell of_copy, TellRole of_role) {
  FT_RETURN_IF_ERROR(CheckConfig(config));
  std::unique_ptr<Server> server(new Server);
  if (!config.tls_cert.empty()) {
    FT_ASSIGN_OR_RETURN(const auto certificates,
                        net::ReadCertificates(FilesOf(config), log::SystemClock()()));
    server->warnings_ = certificates.warnings;
    FT_ASSIGN_OR_RETURN(server->tls_, net::Tls::Make(certificates));
  }
  server->tell_broken_ = std::move(broken);
  server->faults_ = std::make_unique<Faults>(std::move(fault));
  if (config.log.receipts == "cosigned")
    server->cosigned_receipts_ = std::make_unique<CosignedReceipts>(
        std::chrono::milliseconds(static_cast<std::int64_t>(config.log.group_seconds * 1'000)));
  std::optional<folder::Attached> attached;
  if (config.copy.dir.empty()) {
    FT_ASSIGN_OR_RETURN(attached, folder::ReadAttached(config.ledger));
  }
  if (attached.has_value()) {
    FT_RETURN_IF_ERROR(server->OpenReplica(config, *attached, std::move(of_role)));
    server->MakeServices(config.limits, [s = server.get()] { return s->WhyNotActive(); });
  } else {
    FT_RETURN_IF_ERROR(config.copy.dir.empty() ? server->Open(config.ledger, true, config.pipeline)
                                               : server->OpenCopy(config.copy, std::move(of_copy)));
    server->MakeServices(config.limits,
                         [why = WhyOnlyRead(config.copy)] { return absl::FailedPreconditionError(why); });
  }
  FT_RETURN_IF_ERROR(server->MakeRoomForConnections(config.limits, !config.http.empty()));
  FT_ASSIGN_OR_RETURN(server->listener_, net::Listener::Open(config.listen));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  SetLimits(config.limits, &builder);
  // What comes to gRPC comes from the relay, which has taken TLS off.
  server->to_grpc_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      grpc::InsecureServerCredentials());
  builder.RegisterService(server->submission_.get());
  builder.RegisterService(server->questions_.get());
  builder.RegisterService(server->watch_.get());
  server->reflection_ =
      std::make_unique<ReflectionService>(AllServices(), server->admission_.get(), config.limits);
  builder.RegisterService(server->reflection_.get());
  server->grpc_ = builder.BuildAndStart();
  if (server->grpc_ == nullptr) return absl::InternalError("the services cannot run");
  server->TellHealth(server->grpc_->GetHealthCheckService());
  if (server->replica_ != nullptr)
    server->replica_->Start(
        MemberSettingsOf(config.log, AddressForClients(config.listen, server->listener_->port())));
  FT_RETURN_IF_ERROR(server->TakeConnections(config.limits));
  if (server->keeper_ != nullptr) server->keeper_->Start();
  return server;
}

StatusOr<std::unique_ptr<Server>> Server::InProcess(const std::string& dir, bool write) {
  std::unique_ptr<Server> server(new Server);
  pipeline::PipelineLimits pipeline_limits;
  pipeline_limits.step_back = false;  // one's own questions come one after another, and never beside an entry
  FT_RETURN_IF_ERROR(server->Open(dir, write, pipeline_limits));
  Limits limits;  // one's own questions may take as long as they take
  limits.question_threads = 1;
  limits.question_seconds = 1e9;
  limits.stream_idle_seconds = 1e6;
  limits.page_seconds = 1e6;  // somebody may look at `list | less`
  limits.trace_paths = UINT32_MAX;
  limits.page_streams_per_address = limits.page_streams;
  limits.entry_streams_per_address = limits.entry_streams;
  limits.answer_bytes = std::size_t{1} << 30;  // and with it sending_bytes
  server->MakeServices(limits, [] { return absl::FailedPreconditionError(WhyOnlyRead({})); });
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(-1);
  builder.SetMaxSendMessageSize(-1);
  builder.RegisterService(server->submission_.get());
  builder.RegisterService(server->questions_.get());
  builder.RegisterService(server->watch_.get());
  server->grpc_ = builder.BuildAndStart();
  if (server->grpc_ == nullptr) return absl::InternalError("the services cannot run in this process");
  return server;
}

StatusOr<std::vector<std::string>> Server::RenewCertificates(const Config& config) {
  if (tls_ == nullptr) return absl::FailedPreconditionError("this server speaks without TLS");
  FT_ASSIGN_OR_RETURN(const auto certificates, net::ReadCertificates(FilesOf(config), log::SystemClock()()));
  FT_RETURN_IF_ERROR(tls_->Replace(certificates));
  return certificates.warnings;
}

Server::~Server() { Stop(std::chrono::milliseconds(0)); }

std::shared_ptr<grpc::Channel> Server::channel() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  return grpc_->InProcessChannel(arguments);
}

Status Server::Submit(pipeline::Job job) {
  if (pipeline_ == nullptr) return absl::FailedPreconditionError(WhyOnlyRead({}));
  std::vector<pipeline::Job> jobs(1);
  jobs[0] = std::move(job);
  return pipeline_->Submit("", &jobs);
}

void Server::Stop(std::chrono::milliseconds within) {
  if (keeper_ != nullptr) keeper_->Stop();
  if (replica_ != nullptr) replica_->Stop();  // the role stays what it is
  if (grpc_ == nullptr) return;
  if (listener_ != nullptr) listener_->Stop();
  if (pipeline_ != nullptr) pipeline_->StopTaking();
  const auto until = std::chrono::steady_clock::now() + within;
  auto ended =
      std::async(std::launch::async, [&] { grpc_->Shutdown(std::chrono::system_clock::now() + within); });
  // What was taken is sequenced whatever time that takes; questions get theirs.
  if (pipeline_ != nullptr) pipeline_->Stop();
  if (replica_ != nullptr) replica_->Leave();
  watch_->hub().Close();  // whoever watches has what was sealed
  admission_->AwaitIdle(until);
  // What is open still is on its way to its client, or waits for nothing of ours. Such are streams on which no entry
  // comes, and watchers of health.
  const auto delivered = std::min(until, std::chrono::steady_clock::now() + kDelivery);
  if (ended.wait_until(delivered) != std::future_status::ready)
    grpc_server_cancel_all_calls(grpc_->c_server());
  ended.wait();
  workers_->Stop();
  grpc_->Wait();
  TellHealth(nullptr);
  grpc_.reset();
  if (relay_ != nullptr) relay_->Stop(kDelivery);  // what gRPC has sent is on its way through it
  relay_.reset();
  to_grpc_.reset();
}

StatusOr<std::string> Server::BackUp(const std::string& dir) const {
  const auto cosigned = published_.newest();  // before the rows, which must not be behind it
  FT_ASSIGN_OR_RETURN(const auto attached, folder::ReadAttached(dir_));
  const log::Ledger* const ledger = replica_ != nullptr ? replica_->active() : ledger_.get();
  if (ledger == nullptr)
    return absl::FailedPreconditionError("this server stands by: the one that records makes backups");
  return folder::BackUpFolder(*ledger, dir,
                              cosigned == nullptr ? std::nullopt : std::optional(cosigned->note()), attached);
}

ServerStats Server::stats() const {
  ServerStats stats;
  if (const pipeline::Pipeline* const taking = taking_) stats.pipeline = taking->counts();
  stats.writes = writes_.times();
  stats.questions_answered = admission_->answered();
  stats.questions_failed = admission_->failed();
  stats.questions_turned_away = admission_->turned_away();
  stats.not_taken = submission_->not_taken();
  stats.faults = faults_->count();
  if (shares_ != nullptr) {
    stats.connections = shares_->connections();
    stats.connections_turned_away = shares_->turned_away();
    stats.calls = shares_->calls();
  }
  {
    const std::lock_guard lock(health_mutex_);
    stats.writable = keeper_ == nullptr && rows_ == nullptr && writable_;
  }
  const auto cosigned = published_.newest();
  if (cosigned != nullptr) stats.cosigned_records = cosigned->size();
  const auto snapshot = rows().Snapshot();
  const auto view = query::MakeView(*snapshot);
  if (view.ok()) {
    stats.records = view->checkpoint.size();
    const auto tip = log::LoadTip(*snapshot, stats.records);
    if (tip.ok()) stats.last_record_seconds = static_cast<double>(tip->recorded.micros()) / 1e6;
  }
  if (keeper_ != nullptr) stats.copy = keeper_->figures();
  if (replica_ != nullptr) stats.member = replica_->figures();
  stats.log = log_times_.times();
  stats.store_bytes = FolderBytes(dir_ + "/store");
  return stats;
}

}  // namespace fundtrail::server
