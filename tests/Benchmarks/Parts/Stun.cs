using System.Buffers.Binary;
using System.Text;
using BenchmarkDotNet.Attributes;
using Hype.MediaClient;
using Hype.MediaNode.Net;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Transport;

namespace Hype.Benchmarks.Parts;

/// <summary>
/// Measures the handling of connectivity checks from a hundred clients, each with its own password, address and transaction ids.
/// </summary>
[MemoryDiagnoser]
public class Stun
{
    private const int Endpoints = 100;
    private const int Checks = 10 * Endpoints;
    private const uint HostPriority = (126u << 24) | (65535u << 8) | 255;

    private readonly IceLite[] _endpoints = new IceLite[Endpoints];
    private readonly TransportAddress[] _addresses = new TransportAddress[Endpoints];
    private readonly byte[][] _checks = new byte[Checks][];
    private readonly byte[][] _forged = new byte[Checks][];
    private readonly OutgoingBatch _batch = new();
    private int _next;
    private long _now;

    [GlobalSetup]
    public void Check()
    {
        var stranger = IceCredentials.New();
        for (var i = 0; i < Endpoints; i++)
        {
            var (node, client) = (IceCredentials.New(), IceCredentials.New());
            _endpoints[i] = new IceLite(node.UfragBytes, node.PwdBytes);
            _addresses[i] = TransportAddress.FromIPv4([10, 0, 0, (byte)i], (ushort)(50_000 + i));
            var username = Encoding.ASCII.GetBytes($"{node.Ufrag}:{client.Ufrag}");
            for (var check = i; check < Checks; check += Endpoints)
            {
                _checks[check] = NewCheck(check, username, node);
                _forged[check] = NewCheck(check, username, stranger);
            }
        }
    }

    [Benchmark]
    public void A_check_is_parsed_verified_and_answered()
    {
        Guard.Holds(Handle(_checks, out var length) == IceOutcome.Valid);
        Guard.Holds(length > 0);
    }

    [Benchmark]
    public void A_check_with_a_wrong_password_is_refused()
    {
        Guard.Holds(Handle(_forged, out var length) == IceOutcome.Unauthenticated);
        Guard.Holds(length == 0);
    }

    private IceOutcome Handle(byte[][] checks, out int length)
    {
        _next = (_next + 1) % Checks;
        _now += Voice.Frame;
        var endpoint = _next % Endpoints;
        Guard.Holds(StunMessage.TryParse(checks[_next], out var message));
        Guard.Holds(message.TryGetUsername(out var ufrag, out _) && ufrag.SequenceEqual(_endpoints[endpoint].Ufrag));
        return _endpoints[endpoint].Handle(message, _addresses[endpoint], _now, _batch.Next().Span, out length);
    }

    private static byte[] NewCheck(int number, byte[] username, IceCredentials node)
    {
        var message = new byte[200];
        var transaction = new byte[StunMessage.TransactionIdLength];
        BinaryPrimitives.WriteInt32BigEndian(transaction, number);
        var length = StunWriter.WriteBindingRequest(
            message, transaction, username, HostPriority, StunAttribute.IceControlling, (ulong)number, useCandidate: true, node.PwdBytes);
        return message[..length];
    }
}
