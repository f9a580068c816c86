using System.Net;
using System.Net.Sockets;

namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// Relays TCP connections from another network namespace to a port on this namespace's loopback interface, byte by byte.
/// </summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Uri _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private TcpRelay(TcpListener listener, Uri target)
    {
        (_listener, _target) = (listener, target);
        _accepting = AcceptAsync();
    }

    /// <summary>The URL under which a process of the other namespace reaches the relay.</summary>
    public string Url => $"http://{_listener.LocalEndpoint}";

    /// <param name="address">An address of this namespace that the other one can reach.</param>
    public static TcpRelay Start(string address, Uri target)
    {
        var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        return new TcpRelay(listener, target);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var carrying = new List<Task>();
        try
        {
            while (true)
                carrying.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(carrying);
        }
    }

    /// <summary>Relays one connection in both directions, until either side ends it.</summary>
    private async Task CarryAsync(TcpClient near)
    {
        using var far = new TcpClient { NoDelay = true };
        using (near)
        {
            near.NoDelay = true;
            try
            {
                await far.ConnectAsync(_target.Host, _target.Port, _stop.Token);
                await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), _stop.Token), far.GetStream()
                    .CopyToAsync(near.GetStream(), _stop.Token));
            }
            catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
            {
                // The other side sees its connection end, which is all that a relay can report.
            }
        }
    }
}
