using System.CommandLine;
using Hype.Cli.Api;
using Hype.Cli.Display;

namespace Hype.Cli.Commands;

/// <summary>The deployment as a whole.</summary>
internal static class StatusCommands
{
    public static void AddTo(Command root, Shell shell)
    {
        root.Add(shell.Asks(
            new Command("status", "The deployment at a glance: version, nodes by region, channels, people"),
            (_, conversation, stop) => conversation.ShowAsync<HealthAnswer>("health", Tables.Status, stop)));
        root.Add(shell.Asks(
            new Command("regions", "The regions, and where clients reach their gateways"),
            (_, conversation, stop) => conversation.ShowAsync<RegionGatewayAnswer[]>("regions", Tables.Regions, stop)));
    }
}
