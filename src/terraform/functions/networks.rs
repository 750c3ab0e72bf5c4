//! `cidrhost`, `cidrnetmask`, `cidrsubnet`, `cidrsubnets`.

use super::super::types::to_number;
use super::Call;
use crate::base::{Node, Number};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(super) const NAMES: &[&str] = &["cidrhost", "cidrnetmask", "cidrsubnet", "cidrsubnets"];

/// A network: its first address as a number, its prefix, and the bits of its family.
#[derive(Clone, Copy)]
struct Network {
    first: u128,
    prefix: u32,
    bits: u32,
}

pub(super) fn call(call: &Call<'_>) -> Option<Node> {
    if !NAMES.contains(&call.name) {
        return None;
    }
    let result = call.string(0).as_deref().and_then(parse).and_then(|network| match call.name {
        "cidrhost" => network.host(number(call, 1)?).map(|text| call.text(text)),
        "cidrnetmask" => Some(call.text(network.address(network.mask()))),
        "cidrsubnet" => {
            network.subnet(number(call, 1)?, number(call, 2)?).map(|subnet| call.text(subnet.text()))
        }
        _ => subnets(call, network),
    });
    Some(result.unwrap_or_else(|| call.fail("an argument is no network, or leads out of it")))
}

fn number(call: &Call<'_>, index: usize) -> Option<i128> {
    call.arg(index).and_then(to_number).and_then(Number::as_i64).map(i128::from)
}

fn parse(text: &str) -> Option<Network> {
    let (address, prefix) = text.split_once('/')?;
    let (first, bits) = match address.parse().ok()? {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    };
    let prefix = prefix.parse().ok().filter(|prefix| *prefix <= bits)?;
    let network = Network { first, prefix, bits };
    Some(Network { first: first & network.mask(), ..network })
}

/// Networks one behind the other, each as many bits longer as its argument says.
fn subnets(call: &Call<'_>, network: Network) -> Option<Node> {
    let mut next = network.first;
    let mut out = Vec::new();
    for index in 1..call.args.len() {
        let prefix = network.prefix.checked_add(u32::try_from(number(call, index)?).ok()?)?;
        let size = 1_u128.checked_shl(network.bits.checked_sub(prefix)?)?;
        let first = next.div_ceil(size).checked_mul(size)?;
        let subnet = Network { first, prefix, ..network };
        if first & network.mask() != network.first {
            return None;
        }
        out.push(call.text(subnet.text()));
        next = first.checked_add(size)?;
    }
    Some(Node::list(out, call.place))
}

impl Network {
    fn mask(self) -> u128 {
        let all = if self.bits == 128 { u128::MAX } else { (1 << self.bits) - 1 };
        let host = self.bits - self.prefix;
        if host >= 128 { 0 } else { all >> host << host }
    }

    fn address(self, number: u128) -> String {
        match self.bits {
            32 => Ipv4Addr::from(number as u32).to_string(),
            _ => Ipv6Addr::from(number).to_string(),
        }
    }

    fn text(self) -> String {
        format!("{}/{}", self.address(self.first), self.prefix)
    }

    /// The address of a number, counted from the end where it is negative.
    fn host(self, number: i128) -> Option<String> {
        let size = 1_i128.checked_shl(self.bits - self.prefix).filter(|size| *size > 0)?;
        let at = if number < 0 { size.checked_add(number)? } else { number };
        (0 <= at && at < size).then(|| self.address(self.first + at as u128))
    }

    fn subnet(self, newbits: i128, number: i128) -> Option<Network> {
        let prefix =
            self.prefix.checked_add(u32::try_from(newbits).ok()?).filter(|prefix| *prefix <= self.bits)?;
        let count = 1_i128.checked_shl(prefix - self.prefix)?;
        if !(0..count).contains(&number) {
            return None;
        }
        let shifted = (number as u128).checked_shl(self.bits - prefix).unwrap_or(0);
        Some(Network { first: self.first | shifted, prefix, ..self })
    }
}
