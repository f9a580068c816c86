using System.Threading.Channels;

namespace Hype.Grains.Tests.Testing;

/// <summary>
/// Records the calls by which node grains notify channels, as texts in order: <c>NodeLost a</c>, <c>RoomsFound a 1,3</c>.
/// </summary>
internal sealed class ChannelNotifications : IIncomingGrainCallFilter
{
    private static readonly TimeSpan NotificationTimeout = TimeSpan.FromSeconds(60);

    private readonly Channel<(string What, object?[] Arguments)> _notifications = Channel.CreateUnbounded<(string, object?[])>();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod?.Name is "NodeLost" or "NodeDraining" or "RoomsFound" && context.TargetId.Type.ToString() == "channel")
        {
            object?[] arguments = [.. Enumerable.Range(0, context.Request.GetArgumentCount()).Select(context.Request.GetArgument)];
            var epochs = arguments is [_, RoomEpoch[] found] ? $" {string.Join(',', found)}" : "";
            _notifications.Writer.TryWrite(
                ($"{context.InterfaceMethod.Name} {arguments[0]}{epochs} in {context.TargetId.Key}", arguments));
        }

        await context.Invoke();
    }

    public async Task<string> Next() => (await NextCall()).What;

    public async Task<(string What, object?[] Arguments)> NextCall() =>
        await _notifications.Reader.ReadAsync().AsTask().WaitAsync(NotificationTimeout);
}
