using System.Threading.Channels;
using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Sessions;

namespace Hype.Gateway.Tests.Testing;

/// <summary>A session mailbox that stores the peer signals that it receives, so that a test can read them.</summary>
internal sealed class FakeMailbox : ISessionMailboxGrain
{
    private readonly Channel<PeerSignal> _signals = System.Threading.Channels.Channel.CreateUnbounded<PeerSignal>();

    public async Task<PeerSignal> NextSignal()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _signals.Reader.ReadAsync(timeout.Token);
    }

    public Task Attach(ChannelId channel, MemberNumber number, GatewayRef gateway, ReportNumber report) => Task.CompletedTask;

    public Task Detach(string gatewayId, ReportNumber report) => Task.CompletedTask;

    public Task<VoiceError> Signal(ChannelId channel, PeerSignal signal)
    {
        _signals.Writer.TryWrite(signal);
        return Task.FromResult(VoiceError.None);
    }

    public Task ReportQuality(QualityReport report) => Task.CompletedTask;

    public Task End() => Task.CompletedTask;
}
