using System.Diagnostics.Metrics;
using Grpc.Core;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Orders.V1;
using Hype.MediaNode.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Hype.MediaNode.Tests.Orders;

/// <summary>Tests the authentication of node orders by the control token.</summary>
public sealed class ControlTokenTests
{
    private TestNode _node = null!;

    [SetUp]
    public async Task Start() => _node = await TestNode.StartAsync();

    [TearDown]
    public async Task Stop() => await _node.DisposeAsync();

    [Test]
    public async Task Call_with_the_control_token_is_answered() =>
        Assert.That((await _node.Client.ProbeAsync(new ProbeRequest())).NodeId, Is.EqualTo("node-1"));

    [Test]
    public void Call_without_the_control_token_is_refused_for_every_method()
    {
        var counted = CountRefused(out var listener);
        using (listener)
        {
            AssertRefused(headers: null);
            AssertRefused(new Metadata { { "authorization", "Bearer " } });
            AssertRefused(new Metadata { { "authorization", _node.Identity.ControlToken } });
            AssertRefused(new Metadata { { "authorization", $"Basic {_node.Identity.ControlToken}" } });
            AssertRefused(new Metadata { { "authorization", $"Bearer {_node.Identity.ControlToken}0" } });
            AssertRefused(new Metadata { { "authorization", $"Bearer {_node.Identity.ControlToken[..^1]}" } });
            AssertRefused(new Metadata { { "authorization", $"Bearer {_node.Identity.ControlToken.ToUpperInvariant()}" } });
            Assert.That(
                Assert.ThrowsAsync<RpcException>(async () => await _node.Stranger.ExecuteAsync(new OrderBatch()))!.StatusCode,
                Is.EqualTo(StatusCode.Unauthenticated));
            Assert.That(counted(), Is.EqualTo(8));
        }
    }

    [Test]
    public async Task Two_nodes_have_different_control_tokens()
    {
        await using var other = await TestNode.StartAsync();
        Assert.That(other.Identity.ControlToken, Is.Not.EqualTo(_node.Identity.ControlToken));
    }

    private void AssertRefused(Metadata? headers) => Assert.That(
        Assert.ThrowsAsync<RpcException>(async () => await _node.Stranger.ProbeAsync(new ProbeRequest(), headers))!.StatusCode,
        Is.EqualTo(StatusCode.Unauthenticated));

    private Func<long> CountRefused(out MeterListener listener)
    {
        long counted = 0;
        var factory = _node.Services.GetRequiredService<IMeterFactory>();
        var reader = listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == ControlMetrics.RefusedOrders && ReferenceEquals(instrument.Meter.Scope, factory))
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => counted = count);
        listener.Start();
        return () =>
        {
            reader.RecordObservableInstruments();
            return counted;
        };
    }
}
