// See workers.h.
#include "ledger/pipeline/workers.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>

#include "ledger/pipeline/retry.h"

namespace fundtrail::pipeline {

namespace {

constexpr std::chrono::milliseconds kWhenBusy{200};

Status Full() { return AgainIn(kWhenBusy, "too many questions wait: ask again in a moment"); }

}  // namespace

Workers::Workers(unsigned threads, std::size_t most_waiting, TellFault fault)
    : most_waiting_(most_waiting),
      of_one_(std::max<std::size_t>(1, most_waiting / 4)),
      most_running_(std::max(1u, threads - 1)),
      fault_(std::move(fault)) {
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

Workers::~Workers() { Stop(); }

Status Workers::Start(const std::string& address, std::function<void()> work, Instead instead) {
  Instead made_way;
  {
    const std::lock_guard lock(mutex_);
    const auto own = clients_.find(address);
    const std::size_t of_own = own == clients_.end() ? 0 : own->second.waiting.size();
    if (!stopping_ && of_own >= of_one_) return Full();
    if (!stopping_ && waiting_ >= most_waiting_) {
      made_way = MakeWay(of_own);
      if (!made_way) return Full();
    }
    FT_RETURN_IF_ERROR(Add(address, {std::move(work), std::move(instead)}));
  }
  if (made_way) made_way(Full());
  return absl::OkStatus();
}

// The last that may make way, of the address with most. None unless that still has no fewer than who comes, who has
// `of_own`. It is taken out.
Workers::Instead Workers::MakeWay(std::size_t of_own) {
  std::size_t most = of_own + 1;
  std::deque<Waiting>* of_most = nullptr;
  std::size_t last = 0;
  for (auto& [address, client] : clients_) {
    if (client.waiting.size() <= most) continue;
    for (std::size_t i = client.waiting.size(); i-- > 0;) {
      if (!client.waiting[i].instead) continue;
      most = client.waiting.size();
      of_most = &client.waiting;
      last = i;
      break;
    }
  }
  if (of_most == nullptr) return {};
  Instead instead = std::move((*of_most)[last].instead);
  of_most->erase(of_most->begin() + static_cast<std::ptrdiff_t>(last));
  --waiting_;
  return instead;
}

Status Workers::Continue(const std::string& address, std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  return Add(address, {std::move(work), {}});
}

Status Workers::Add(const std::string& address, Waiting waiting) {
  if (stopping_) return absl::UnavailableError("the server is stopping: ask again in a moment");
  Client& client = clients_[address];
  if (client.waiting.empty()) turns_.push_back(address);
  client.waiting.push_back(std::move(waiting));
  ++waiting_;
  to_do_.notify_one();
  return absl::OkStatus();
}

std::size_t Workers::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

void Workers::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  to_do_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

// Whose turn it is, if anybody's, who goes behind the others for the next.
bool Workers::Next(std::string* address) {
  const auto turn = std::find_if(turns_.begin(), turns_.end(), [this](const std::string& one) {
    return clients_.find(one)->second.running < most_running_;
  });
  if (turn == turns_.end()) return false;
  *address = std::move(*turn);
  turns_.erase(turn);
  return true;
}

void Workers::Work() {
  std::unique_lock lock(mutex_);
  std::string address;
  while (true) {
    to_do_.wait(lock, [&] { return Next(&address) || (stopping_ && waiting_ == 0); });
    if (address.empty()) return;
    Client& client = clients_.find(address)->second;  // stays where it is while it runs
    auto work = std::move(client.waiting.front().work);
    client.waiting.pop_front();
    --waiting_;
    ++client.running;
    if (!client.waiting.empty()) turns_.push_back(address);
    lock.unlock();
    const Status done = Guarded([&] {
      work();
      return absl::OkStatus();
    });
    if (!done.ok() && fault_) fault_(done);
    work = nullptr;  // what it holds goes before the lock
    lock.lock();
    --client.running;
    if (!client.waiting.empty()) to_do_.notify_one();  // who waited for this
    if (client.waiting.empty() && client.running == 0) clients_.erase(address);
    address.clear();
    if (stopping_ && waiting_ == 0) to_do_.notify_all();
  }
}

}  // namespace fundtrail::pipeline
