using System.Net.Sockets;
using Hype.Hosting.Starting;
using Hype.MediaNode.Configuration;
using Microsoft.Extensions.Options;

namespace Hype.MediaNode.Hosting;

/// <summary>Runs the node as a process of its own. In the embedded mode the gateway runs it.</summary>
internal static class StartUp
{
    /// <summary>
    /// Runs the node until the process is stopped. If the node cannot start, writes an explanation to <paramref name="errors"/>. Returns
    /// the <see cref="ExitCode"/>.
    /// </summary>
    public static async Task<int> RunOrExplainAsync(this WebApplication app, TextWriter errors)
    {
        var start = new ExplainedStart(app, "media node", errors);
        if (await start.FindObstacleAsync(Ports) is { } obstacle)
            return obstacle;
        try
        {
            return await start.RunAsync();
        }
        catch (SocketException exception)
        {
            // The port was taken after the check.
            await errors.WriteLineAsync(
                $"The media ports cannot be opened: {exception.Message}. "
                + $"Stop the other process, or set another {MediaNodeOptions.Section}:UdpPort.");
            return ExitCode.CannotListen;
        }
    }

    private static PortCheck Ports(IServiceProvider services)
    {
        var node = services.GetRequiredService<IOptions<MediaNodeOptions>>().Value;
        return new PortCheck()
            .Web($"{MediaNodeOptions.Section}:{nameof(node.ControlUrl)}", node.ControlUrl)
            .Web($"{MediaNodeOptions.Section}:{nameof(node.MetricsUrl)}", node.MetricsUrl)
            .Udp($"{MediaNodeOptions.Section}:{nameof(node.UdpPort)}", node.UdpPort, node.CountWorkers());
    }
}
