using CsCheck;
using Hype.MediaNode.Net;
using Hype.MediaNode.Transport;

namespace Hype.MediaNode.Tests.Transport;

/// <summary>Tests the limit of bytes for addresses that are not validated.</summary>
public sealed class PathLimitsTests
{
    private const int CheckLength = 100;
    private const long Second = 1_000_000;

    private static readonly TransportAddress A = Address(1);

    [Test]
    public void Unvalidated_address_receives_at_most_three_times_the_bytes_received_from_it()
    {
        var paths = new PathSelector();
        Check(paths, 0);

        Assert.That(paths.TrySpend(200) && paths.TrySpend(A, 100), Is.True);
        Assert.That(paths.TrySpend(1), Is.False);
        Check(paths, Second);
        Assert.That(paths.TrySpend(300), Is.True);
        Assert.That(paths.TrySpend(A, 1), Is.False);
    }

    [Test]
    public void Check_that_is_answered_with_an_error_selects_no_address()
    {
        var paths = new PathSelector();
        paths.OnReceived(A, CheckLength, 0);

        Assert.That(paths.HasSelected, Is.False);
        Assert.That(paths.TrySpend(A, 3 * CheckLength), Is.True);
        Assert.That(paths.TrySpend(A, 1), Is.False);
    }

    [Test]
    public void Any_sequence_of_datagrams_keeps_the_limits()
    {
        // (kind, address, bytes, elapsed time in µs)
        var step = Gen.Select(Gen.Int[0, 9], Gen.Byte[1, PathSelector.Capacity], Gen.Int[20, 1400], Gen.Long[1, 2 * Second]);
        step.Array[1, 200].Sample(
            steps =>
            {
                var host = Address(1);
                var paths = new PathSelector(validatedHost: host);
                var (received, sent) = (new Dictionary<TransportAddress, long>(), new Dictionary<TransportAddress, long>());
                var validUntil = new Dictionary<TransportAddress, long>();
                var heard = new HashSet<TransportAddress>();
                var now = 0L;
                long? hostUntil = null;
                foreach (var (kind, number, bytes, elapsed) in steps)
                {
                    now += elapsed;
                    paths.Tick(now);
                    // Bytes received before the validation ended do not count afterwards.
                    foreach (var expired in validUntil.Where(valid => valid.Value < now).Select(valid => valid.Key).ToArray())
                    {
                        validUntil.Remove(expired);
                        heard.Remove(expired);
                        received.Remove(expired);
                        sent.Remove(expired);
                    }

                    // The last two numbers are other ports of the host that another node validated.
                    var address = number > PathSelector.Capacity - 2 ? host with { Port = number } : Address(number);
                    var (before, wasValidated) = (paths.Selected, paths.IsValidated);
                    if (kind is <= 2 or 7)
                    {
                        received[address] = received.GetValueOrDefault(address) + bytes;
                        hostUntil ??= now + PathSelector.HostProof;
                    }

                    if ((kind <= 1 || (kind == 2 && address != before)) && address.Low == host.Low && now <= hostUntil)
                        validUntil[address] = Math.Max(validUntil.GetValueOrDefault(address), hostUntil.Value);
                    switch (kind)
                    {
                        case 0 or 1:
                            paths.OnReceived(address, bytes, now);
                            paths.OnCheck(address, nominates: kind == 0, now);
                            break;
                        case 2:
                            paths.OnMedia(address, bytes, now);
                            heard.Add(address);
                            break;
                        case 3:
                            if (paths.NextCheck(address, 92, now) is { IsEmpty: false } id)
                            {
                                sent[address] = sent.GetValueOrDefault(address) + 92;
                                if (number % 2 == 0 && paths.OnAnswer(address, id, 76, now))
                                    validUntil[address] = now + IceLite.ConsentTimeout;
                            }

                            break;
                        case 4 when paths.TrySpend(address, bytes):
                            sent[address] = sent.GetValueOrDefault(address) + bytes;
                            break;
                        case 5 or 6 when paths.TrySpend(bytes):
                            sent[paths.Selected] = sent.GetValueOrDefault(paths.Selected) + bytes;
                            break;
                        case 7:
                            paths.OnHandshake(address, bytes, now);
                            break;
                        case >= 8 when paths.DueCheck(now) is { } due && paths.NextCheck(due, 92, now, renews: true) is { IsEmpty: false }:
                            sent[due] = sent.GetValueOrDefault(due) + 92;
                            break;
                    }

                    if (sent.Any(to => !validUntil.ContainsKey(to.Key) && to.Value > 3 * received.GetValueOrDefault(to.Key)))
                        return false;
                    var moved = paths.Selected != before && wasValidated;
                    if (moved && !validUntil.ContainsKey(paths.Selected) && !heard.Contains(paths.Selected))
                        return false;
                }

                return true;
            },
            iter: 2_000);
    }

    private static void Check(PathSelector paths, long now)
    {
        paths.OnReceived(A, CheckLength, now);
        paths.OnCheck(A, nominates: true, now);
    }

    private static TransportAddress Address(byte number) => TransportAddress.FromIPv4([10, 0, 0, number], 50_000);
}
