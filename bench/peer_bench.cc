// Our side of bench/postgresql/run: the traces of its asks.tsv in this process, and over gRPC on the loopback by a client that is
// a process of its own. Decides nothing; prints. See docs/benchmarks.md.
//
//   fundtrail_peer_bench LEDGER ASKS TIMES     a line for each answer: the ask's name, `process` or `gRPC`, and how many ms it
//                                              took, with tabs between. The first answer to each ask has no line
//
// A line of ASKS has a name, the numbers of the payments that are asked about, their payee where they are all that it
// received (else nothing), how many flows there are, and how many units they carry. An answer that has others ends it with 1.
#include <google/protobuf/arena.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include "absl/strings/str_split.h"
#include "bench/bench.h"
#include "fundtrail/v1/service.grpc.pb.h"
#include "ledger/query/trace.h"
#include "server/server.h"

namespace fundtrail::bench {
namespace {

struct Ask {
  std::string name;
  std::size_t payment = 0;  // the first
  v1::TraceRequest request;
  int flows = 0;
  std::int64_t units = 0;
};

// The transfers of a ledger in their order, which is that of the rows that were imported.
std::vector<TransferRef> TransfersOf(const store::Reader& rows) {
  std::vector<TransferRef> refs;
  const Bytes all = model::keys::AllOf(model::keys::kTransferTag);
  for (const auto cursor = rows.Scan(all, store::PrefixEnd(all)); cursor->Valid(); cursor->Next())
    refs.push_back(Must(model::keys::ReadTransfer(cursor->key())));
  return refs;
}

std::vector<Ask> ReadAsks(const std::string& file) {
  std::vector<Ask> asks;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const std::vector<std::string> cells = absl::StrSplit(line, '\t');
    Ask ask;
    ask.name = cells.at(0);
    ask.payment = std::stoul(cells.at(1));
    ask.request.set_direction(v1::DIRECTION_FROM);
    ask.request.set_party(cells.at(2));
    ask.flows = std::stoi(cells.at(3));
    ask.units = std::stoll(cells.at(4));
    asks.push_back(std::move(ask));
  }
  return asks;
}

void SetRef(TransferRef ref, Ask* ask) {
  ask->request.mutable_ref()->set_record(ref.record.value());
  ask->request.mutable_ref()->set_line(ref.line);
}

void Check(const Ask& ask, const v1::TraceAnswer& answer) {
  std::int64_t units = 0;
  int flows = 0;
  for (const auto& asset : answer.assets()) {
    flows += asset.flows_size();
    for (const auto& flow : asset.flows()) units += flow.amount();
  }
  if (flows == ask.flows && units == ask.units) return;
  fmt::print(stderr, "{}: {} flows of {} units, and not {} of {}\n", ask.name, flows, units, ask.flows,
             ask.units);
  std::exit(1);
}

// Once more than asked: the first finds nothing in the caches, and does not count. Answers lie in an arena.
template <typename Question>
void Measure(const Ask& ask, const char* way, int times, const Question& question) {
  for (int i = 0; i <= times; ++i) {
    google::protobuf::Arena arena;
    auto* const answer = google::protobuf::Arena::CreateMessage<v1::TraceAnswer>(&arena);
    const double start = Now();
    question(answer);
    const double spent = Now() - start;
    Check(ask, *answer);
    if (i > 0) fmt::print("{}\t{}\t{:.4f}\n", ask.name, way, spent * 1e3);
  }
}

void AskHere(const store::Store& rows, const std::vector<Ask>& asks, int times) {
  for (const Ask& ask : asks) {
    Measure(ask, "process", times, [&](v1::TraceAnswer* answer) {
      const auto snapshot = rows.Snapshot();
      const auto view = Must(query::MakeView(*snapshot));
      Must(query::Trace(view, ask.request, answer));
    });
  }
}

void AskServer(const std::string& address, const std::vector<Ask>& asks, int times) {
  const auto channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  const auto stub = v1::Ledger::NewStub(channel);
  for (const Ask& ask : asks) {
    Measure(ask, "gRPC", times, [&](v1::TraceAnswer* answer) {
      grpc::ClientContext context;
      const grpc::Status status = stub->Trace(&context, ask.request, answer);
      if (!status.ok()) Must(absl::InternalError(status.error_message()));
    });
  }
}

int Run(const std::string& ledger, const std::string& file, int times) {
  server::Config config;
  config.ledger = ledger;
  config.listen = "127.0.0.1:0";
  config.limits.admission.questions_per_second = 1e9;
  config.limits.admission.question_burst = 1e9;
  const auto server = Must(server::Server::Start(config));
  std::vector<Ask> asks = ReadAsks(file);
  const std::vector<TransferRef> transfers = TransfersOf(server->rows());
  std::string command =
      fmt::format("exec '{}' --client 127.0.0.1:{} '{}' {}",
                  std::filesystem::read_symlink("/proc/self/exe").string(), server->port(), file, times);
  for (Ask& ask : asks) {
    if (ask.request.party().empty()) SetRef(transfers.at(ask.payment - 1), &ask);
    command += fmt::format(" {} {}", ask.request.ref().record(), ask.request.ref().line());
  }
  AskHere(server->rows(), asks, times);
  std::fflush(stdout);
  const bool answered = std::system(command.c_str()) == 0;
  server->Stop(std::chrono::milliseconds(1000));
  return answered ? 0 : 1;
}

// The arguments of Run's command: the server, ASKS, TIMES, then the record and the line of each ask.
int RunClient(const std::vector<std::string>& arguments) {
  std::vector<Ask> asks = ReadAsks(arguments.at(1));
  for (std::size_t i = 0; i < asks.size(); ++i) {
    if (!asks[i].request.party().empty()) continue;
    SetRef(TransferRef{RecordIndex(std::stoull(arguments.at(3 + 2 * i))),
                       static_cast<std::uint32_t>(std::stoul(arguments.at(4 + 2 * i)))},
           &asks[i]);
  }
  AskServer(arguments.at(0), asks, std::stoi(arguments.at(2)));
  return 0;
}

}  // namespace
}  // namespace fundtrail::bench

int main(int argc, char** argv) {
  using namespace fundtrail;
  using namespace fundtrail::bench;
  if (!crypto::Init().ok()) return 3;
  if (argc > 4 && std::string(argv[1]) == "--client") return RunClient({argv + 2, argv + argc});
  if (argc != 4) {
    fmt::print(stderr, "usage: fundtrail_peer_bench LEDGER ASKS TIMES\n");
    return 2;
  }
  return Run(argv[1], argv[2], std::max(1, std::atoi(argv[3])));
}
